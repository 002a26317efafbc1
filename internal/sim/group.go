package sim

import (
	"encoding/json"
	"sort"
)

type groupSummary struct {
	CurrentMembers int64 `json:"currentMembers"`
}

// group is a group that the user is, was, or may be a member of.
type group struct {
	GroupID                 int64           `json:"groupId"`
	UseRelays               bool            `json:"useRelays"`
	LocalDisplayName        string          `json:"localDisplayName"`
	GroupProfile            groupProfile    `json:"groupProfile"`
	LocalAlias              string          `json:"localAlias"`
	BusinessChat            *businessChat   `json:"businessChat,omitempty"`
	FullGroupPreferences    groupPrefs      `json:"fullGroupPreferences"`
	Membership              *member         `json:"membership"`
	ChatSettings            chatSettings    `json:"chatSettings"`
	CreatedAt               stamp           `json:"createdAt"`
	UpdatedAt               stamp           `json:"updatedAt"`
	ChatTs                  *stamp          `json:"chatTs,omitempty"`
	UserMemberProfileSentAt *stamp          `json:"userMemberProfileSentAt,omitempty"`
	PreparedGroup           *preparedGroup  `json:"preparedGroup,omitempty"`
	ChatTags                []int64         `json:"chatTags"`
	ChatItemTTL             *int64          `json:"chatItemTTL,omitempty"`
	CustomData              json.RawMessage `json:"customData,omitempty"`
	GroupSummary            groupSummary    `json:"groupSummary"`
	MembersRequireAttention int             `json:"membersRequireAttention"`
	ViaGroupLinkURI         string          `json:"viaGroupLinkUri,omitempty"`

	user    *user
	chat    *chat
	link    *groupLink
	members map[int64]*member

	indexes        int64    // members so far
	viaLink        *link    // that the user joined by
	incognito      *profile // the user's random name here
	supports       []*chat
	shownCount     *int64 // of members, where another number is shown
	inviter        *conn  // of the one who invited the user
	inviterContact *contact
	invitationItem *item
}

type businessChat struct {
	ChatType   string `json:"chatType"`
	BusinessID string `json:"businessId"`
	CustomerID string `json:"customerId"`
}

type preparedGroup struct {
	ConnLink  connLink `json:"connLinkToConnect"`
	Prepared  bool     `json:"connLinkPreparedConnection"`
	Started   bool     `json:"connLinkStartedConnection"`
	WelcomeID string   `json:"welcomeSharedMsgId,omitempty"`
	RequestID string   `json:"requestSharedMsgId,omitempty"`
}

func groupsByID(m map[int64]*group) []*group {
	gs := make([]*group, 0, len(m))
	for _, g := range m {
		gs = append(gs, g)
	}
	sort.Slice(gs, func(i, j int) bool { return gs[i].GroupID < gs[j].GroupID })
	return gs
}
