package sim

// direction is who sent an item, and in which kind of chat.
type direction struct {
	Type   string `json:"type"`
	Member raw    `json:"groupMember,omitempty"`
}

type meta struct {
	ItemID            int64
	ItemTs            stamp
	ItemText          string
	ItemStatus        *itemStatus // is shared and replaced, never changed
	SentViaProxy      *bool
	ItemSharedMsgID   string
	ItemDeleted       *itemDeleted
	ForwardedByMember int64
	CreatedAt         stamp
	UpdatedAt         stamp
	ItemEdited        bool
	UserMention       bool
	HasLink           bool
	ShowGroupAsSender bool
	Signed            bool // and verified
}

type itemStatus struct {
	Type          string
	MsgRcptStatus string
	SndProgress   string
	AgentError    raw
}

// The statuses of most items.
var (
	rcvNew  = &itemStatus{Type: "rcvNew"}
	rcvRead = &itemStatus{Type: "rcvRead"}
	sndNew  = &itemStatus{Type: "sndNew"}
	sndSent = &itemStatus{Type: "sndSent", SndProgress: "complete"}
	sndRcvd = &itemStatus{Type: "sndRcvd", MsgRcptStatus: "ok", SndProgress: "complete"}
)

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
