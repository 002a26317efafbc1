package sim

import (
	"cmp"
	"encoding/json"
	"slices"
)

type groupSummary struct {
	CurrentMembers    int64  `json:"currentMembers"`
	PublicMemberCount *int64 `json:"publicMemberCount,omitempty"`
}

// group is a group that the user is, was, or may be a member of.
type group struct {
	GroupID                 int64           `json:"groupId"`
	UseRelays               bool            `json:"useRelays"`
	RelayOwnStatus          string          `json:"relayOwnStatus,omitempty"`
	RosterVersion           *int64          `json:"rosterVersion,omitempty"` // of channels in 7.0
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
	UIThemes                raw             `json:"uiThemes,omitempty"`
	CustomData              json.RawMessage `json:"customData,omitempty"`
	GroupSummary            groupSummary    `json:"groupSummary"`
	MembersRequireAttention int             `json:"membersRequireAttention"`
	ViaGroupLinkURI         string          `json:"viaGroupLinkUri,omitempty"`
	GroupKeys               raw             `json:"groupKeys,omitempty"`

	user    *user
	chat    *chat
	shown   shown
	link    *groupLink
	members map[int64]*member

	indexes        int64    // members so far
	viaLink        *link    // that the user joined by
	incognito      *profile // the user's random name here
	supports       []*chat
	shownCount     *int64 // of members, where another number is shown
	inviter        *conn  // of the one who invited the user
	channel        *channel
	via            *member // the relay that passes on what is being received
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
	return sortedBy(m, func(g *group) int64 { return g.GroupID })
}

// sortedBy are the values of a table in the order of their numbers.
func sortedBy[T any](table map[int64]*T, id func(*T) int64) []*T {
	list := make([]*T, 0, len(table))
	for _, v := range table {
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b *T) int { return cmp.Compare(id(a), id(b)) })
	return list
}

// currentMembers counts those who take part, the user too.
func (g *group) currentMembers() int64 {
	var n int64
	if g.Membership.counted() {
		n++
	}
	for _, m := range g.members {
		if m.counted() {
			n++
		}
	}
	return n
}

// counted tells whether the member is counted: those who are on their way too.
func (m *member) counted() bool {
	switch m.MemberStatus {
	case "creator", "connected", "complete", "announced", "introduced", "intro-inv":
		return true
	case "accepted":
		b := m.group.BusinessChat
		return b != nil && (m.MemberID == b.CustomerID || m.group.Membership.MemberID == b.CustomerID)
	}
	return false
}

// requireRole is the error of a user whose role is too low, or who is not in the
// group.
func (g *group) requireRole(role string) error {
	switch me := g.Membership; {
	case roleRank[me.MemberRole] < roleRank[role]:
		return chatError("groupUserRole", "groupInfo", g, "requiredRole", role)
	case me.MemberStatus == "invited":
		return chatError("groupNotJoined", "groupInfo", g)
	case me.gone():
		return chatError("groupMemberUserRemoved")
	case !me.takesPart() && !me.pending():
		return chatError("groupMemberNotActive")
	}
	return nil
}

// hasContact tells whether a contact is a member.
func (g *group) hasContact(id int64) bool {
	for _, m := range g.members {
		if m.MemberContactID == id {
			return true
		}
	}
	return false
}

// byMemberID finds a member by what it is called in the whole group.
func (g *group) byMemberID(id string) *member {
	for _, m := range g.members {
		if m.MemberID == id {
			return m
		}
	}
	return nil
}

// toMembers posts something to all members that can be reached.
func (g *group) toMembers(ms []*member, hand func(to *group, from *member)) {
	for _, m := range ms {
		m.post(hand)
	}
}

// post sends something to one member.
func (m *member) post(hand func(to *group, from *member)) {
	if by := m.introducer(); by != nil && m.counted() {
		by.passOn(m.MemberID, hand)
		return
	}
	if m.ActiveConn == nil {
		return
	}
	m.ActiveConn.send(func(peer *conn) {
		if peer.member == nil || peer.member.gone() {
			return
		}
		g := peer.member.group
		if g.isRelay() {
			g.forward(peer.member, false, false, hand)
		}
		hand(g, peer.member)
	})
}

// gone tells whether the member is not in the group any more.
func (m *member) gone() bool {
	switch m.MemberStatus {
	case "removed", "left", "deleted", "rejected":
		return true
	}
	return false
}

// reachable tells whether something can be sent to the member.
func (m *member) reachable() bool {
	return m.ActiveConn != nil && m.ActiveConn.is("ready") && m.ActiveConn.AuthErrCounter < refusalsUntilDisabled
}

// activeOrPending are the listeners, and those who wait for a review.
func (g *group) activeOrPending() []*member {
	ms := g.listeners()
	for _, m := range membersByID(g.members) {
		if m.pending() && m.reachable() {
			ms = append(ms, m)
		}
	}
	return ms
}

// active are the members that get what is sent to the group.
func (g *group) active() []*member {
	var ms []*member
	for _, m := range membersByID(g.members) {
		if m.counted() && m.reachable() {
			ms = append(ms, m)
		}
	}
	return ms
}
