package sim

// direction is who sent an item, and in which kind of chat.
type direction struct {
	Type   string `json:"type"`
	Member raw    `json:"groupMember,omitempty"`
}

type meta struct {
	ItemID            int64        `json:"itemId"`
	ItemTs            stamp        `json:"itemTs"`
	ItemText          string       `json:"itemText"`
	ItemStatus        itemStatus   `json:"itemStatus"`
	SentViaProxy      *bool        `json:"sentViaProxy,omitempty"`
	ItemSharedMsgID   string       `json:"itemSharedMsgId,omitempty"`
	ItemForwarded     raw          `json:"itemForwarded,omitempty"`
	ItemDeleted       *itemDeleted `json:"itemDeleted,omitempty"`
	ItemEdited        bool         `json:"itemEdited"`
	ItemTimed         *itemTimed   `json:"itemTimed,omitempty"`
	ItemLive          *bool        `json:"itemLive,omitempty"`
	UserMention       bool         `json:"userMention"`
	HasLink           bool         `json:"hasLink"`
	Deletable         bool         `json:"deletable"`
	Editable          bool         `json:"editable"`
	ForwardedByMember int64        `json:"forwardedByMember,omitempty"`
	ShowGroupAsSender bool         `json:"showGroupAsSender"`
	MsgSigned         string       `json:"msgSigned,omitempty"`
	CreatedAt         stamp        `json:"createdAt"`
	UpdatedAt         stamp        `json:"updatedAt"`
}

type itemStatus struct {
	Type          string `json:"type"`
	MsgRcptStatus string `json:"msgRcptStatus,omitempty"`
	SndProgress   string `json:"sndProgress,omitempty"`
	AgentError    raw    `json:"agentError,omitempty"`
}

type itemDeleted struct {
	Type      string `json:"type"`
	DeletedTs *stamp `json:"deletedTs,omitempty"`
	ChatType  string `json:"chatType,omitempty"`
	ByMember  raw    `json:"byGroupMember,omitempty"`
}

type itemTimed struct {
	TTL      int64  `json:"ttl"`
	DeleteAt *stamp `json:"deleteAt,omitempty"`
}

type mention struct {
	MemberID  string `json:"memberId"`
	MemberRef raw    `json:"memberRef,omitempty"`
}

type quote struct {
	ChatDir       *direction  `json:"chatDir,omitempty"`
	ItemID        int64       `json:"itemId,omitempty"`
	SharedMsgID   string      `json:"sharedMsgId,omitempty"`
	SentAt        stamp       `json:"sentAt"`
	Content       raw         `json:"content"`
	FormattedText []formatted `json:"formattedText,omitempty"`
}

type reactionCount struct {
	Reaction     raw  `json:"reaction"`
	UserReacted  bool `json:"userReacted"`
	TotalReacted int  `json:"totalReacted"`
}

// version is a text that an item had.
type version struct {
	ID        int64       `json:"chatItemVersionId"`
	Content   raw         `json:"msgContent"`
	Formatted []formatted `json:"formattedText,omitempty"`
	At        stamp       `json:"itemVersionTs"`
	CreatedAt stamp       `json:"createdAt"`
}
