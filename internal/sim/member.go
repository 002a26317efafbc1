package sim

type invitedBy struct {
	Type        string `json:"type"`
	ByContactID int64  `json:"byContactId,omitempty"`
}

type memberSettings struct {
	ShowMessages bool `json:"showMessages"`
}

// member is somebody in a group; the user is one too, as its membership.
type member struct {
	GroupMemberID          int64          `json:"groupMemberId"`
	GroupID                int64          `json:"groupId"`
	IndexInGroup           int64          `json:"indexInGroup"`
	MemberID               string         `json:"memberId"`
	MemberRole             string         `json:"memberRole"`
	MemberCategory         string         `json:"memberCategory"`
	MemberStatus           string         `json:"memberStatus"`
	MemberSettings         memberSettings `json:"memberSettings"`
	BlockedByAdmin         bool           `json:"blockedByAdmin"`
	InvitedBy              invitedBy      `json:"invitedBy"`
	InvitedByGroupMemberID int64          `json:"invitedByGroupMemberId,omitempty"`
	LocalDisplayName       string         `json:"localDisplayName"`
	MemberProfile          localProfile   `json:"memberProfile"`
	MemberContactID        int64          `json:"memberContactId,omitempty"`
	MemberContactProfileID int64          `json:"memberContactProfileId"`
	ActiveConn             *conn          `json:"activeConn,omitempty"`
	MemberChatVRange       versionRange   `json:"memberChatVRange"`
	CreatedAt              stamp          `json:"createdAt"`
	UpdatedAt              stamp          `json:"updatedAt"`
	SupportChat            *supportChat   `json:"supportChat,omitempty"`
	MemberPubKey           string         `json:"memberPubKey,omitempty"`
	RelayLink              string         `json:"relayLink,omitempty"`

	group       *group
	seenWelcome bool // the member read the group's description before joining

	before raw // the contact, as it was before it was invited

	generation uint64
	kept       direction // from it, see shown.go
	keptStored direction
}

// supportChat is the chat of one member with the moderators.
type supportChat struct {
	ChatTs              stamp  `json:"chatTs"`
	Unread              int    `json:"unread"`
	MemberAttention     int    `json:"memberAttention"`
	Mentions            int    `json:"mentions"`
	LastMsgFromMemberTs *stamp `json:"lastMsgFromMemberTs,omitempty"`

	chat   *chat
	member *member // nil for the user's own
}

// scope is the support chat as it stands next to the group.
func (s *supportChat) scope() raw {
	if s.member == nil {
		return tagged("memberSupport")
	}
	return tagged("memberSupport", "groupMember_", s.member)
}

var roleRank = map[string]int{"relay": 0, "observer": 1, "author": 2, "member": 3, "moderator": 4, "admin": 5, "owner": 6}

// current tells whether the member takes part in the group.
func (m *member) current() bool {
	switch m.MemberStatus {
	case "creator", "connected", "complete", "announced", "introduced", "intro-inv", "accepted":
		return true
	}
	return false
}

// takesPart tells whether the user may speak as this member.
func (m *member) takesPart() bool {
	switch m.MemberStatus {
	case "creator", "connected", "complete":
		return true
	}
	return false
}

func membersByID(m map[int64]*member) []*member {
	return sortedBy(m, func(x *member) int64 { return x.GroupMemberID })
}
