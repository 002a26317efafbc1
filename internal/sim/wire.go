package sim

import "encoding/json"

// The types below are both state and wire: fields with a tag are sent under
// the core's names, the others are ours.

type tag struct {
	Type string `json:"type"`
}

type versionRange struct {
	MinVersion int `json:"minVersion"`
	MaxVersion int `json:"maxVersion"`
}

const (
	initialVersion = 8 // assumed of a peer that has not said
)

var (
	unknownVersions = versionRange{1, 1}
)

// profile is what a user tells others of themselves.
type profile struct {
	DisplayName string `json:"displayName"`
	FullName    string `json:"fullName"`
	ShortDescr  string `json:"shortDescr,omitempty"`
	Image       string `json:"image,omitempty"`
	ContactLink string `json:"contactLink,omitempty"`
	Preferences *prefs `json:"preferences,omitempty"`
	PeerType    string `json:"peerType,omitempty"`
}

// localProfile is a profile as it is stored.
type localProfile struct {
	ProfileID int64 `json:"profileId"`
	profile
	LocalAlias string `json:"localAlias"`
}

// user is one user of a database.
type user struct {
	UserID                     int64        `json:"userId"`
	AgentUserID                string       `json:"agentUserId"`
	UserContactID              int64        `json:"userContactId"`
	LocalDisplayName           string       `json:"localDisplayName"`
	Profile                    localProfile `json:"profile"`
	FullPreferences            *prefs       `json:"fullPreferences"`
	ActiveUser                 bool         `json:"activeUser"`
	ActiveOrder                int64        `json:"activeOrder"`
	ViewPwdHash                *pwdHash     `json:"viewPwdHash,omitempty"`
	ShowNtfs                   bool         `json:"showNtfs"`
	SendRcptsContacts          bool         `json:"sendRcptsContacts"`
	SendRcptsSmallGroups       bool         `json:"sendRcptsSmallGroups"`
	AutoAcceptMemberContacts   bool         `json:"autoAcceptMemberContacts"`
	UserMemberProfileUpdatedAt *stamp       `json:"userMemberProfileUpdatedAt,omitempty"`
	UIThemes                   raw          `json:"uiThemes,omitempty"`
	UserChatRelay              bool         `json:"userChatRelay"`
	ClientService              *bool        `json:"clientService,omitempty"` // of 7.0

	password string
	names    map[string]int // local display names that are taken: one more than the number in them that was added
	highest  map[string]int // the highest number that was added to a name so far
	address  *address
	contacts map[int64]*contact
	groups   map[int64]*group
	requests map[int64]*contactRequest
	asked    map[string]*chat // chats that began with a request, by its xContactID
	notes    *noteFolder
	tags     []*chatTag
	ttl      int64
	expiry   *timer // of messages that are too old
	relays   []*chatRelay
	servers  []*userServer
	online   bool // has spoken to the message server since the start
	hidden   bool
	loaded   switches // as they were when the user became active
	// filesOnline is set when the file server was spoken to since the start.
	filesOnline bool
	cached      raw // the user as JSON, nil after a change
}

type pwdHash struct {
	Hash string `json:"hash"`
	Salt string `json:"salt"`
}

// switches are settings of a user that replies go on to show as they were when
// the user became active, while events show them as they are.
type switches struct{ contactReceipts, groupReceipts, memberContacts bool }

func (u *user) switches() switches {
	return switches{u.SendRcptsContacts, u.SendRcptsSmallGroups, u.AutoAcceptMemberContacts}
}

// load makes the user shown as it is.
func (u *user) load() { u.loaded = u.switches() }

// asLoaded is the user as replies show it.
func (u *user) asLoaded() raw {
	if u.loaded == u.switches() {
		return u.json()
	}
	shown := *u
	s := u.loaded
	shown.SendRcptsContacts, shown.SendRcptsSmallGroups, shown.AutoAcceptMemberContacts = s.contactReceipts, s.groupReceipts, s.memberContacts
	return encode(&shown)
}

// json returns the user as it is sent.
func (u *user) json() raw {
	if u.cached == nil {
		u.cached = encode(u)
	}
	return u.cached
}

// connLink is a link that others can connect to.
type connLink struct {
	Full  string `json:"connFullLink"`
	Short string `json:"connShortLink,omitempty"`
}

type connStatus struct {
	Type string `json:"type"`
}

// conn is one end of a connection to a peer.
type conn struct {
	ConnID               int64         `json:"connId"`
	AgentConnID          string        `json:"agentConnId"`
	ConnChatVersion      int           `json:"connChatVersion"`
	PeerChatVRange       versionRange  `json:"peerChatVRange"`
	ConnLevel            int           `json:"connLevel"`
	ViaContact           int64         `json:"viaContact,omitempty"`
	ViaUserContactLink   int64         `json:"viaUserContactLink,omitempty"`
	ViaGroupLink         bool          `json:"viaGroupLink"`
	GroupLinkID          string        `json:"groupLinkId,omitempty"`
	XContactID           string        `json:"xContactId,omitempty"`
	CustomUserProfileID  int64         `json:"customUserProfileId,omitempty"`
	ConnType             string        `json:"connType"`
	ConnStatus           connStatus    `json:"connStatus"`
	ContactConnInitiated bool          `json:"contactConnInitiated"`
	LocalAlias           string        `json:"localAlias"`
	EntityID             int64         `json:"entityId,omitempty"`
	PQSupport            bool          `json:"pqSupport"`
	PQEncryption         bool          `json:"pqEncryption"`
	PQSndEnabled         *bool         `json:"pqSndEnabled,omitempty"`
	PQRcvEnabled         *bool         `json:"pqRcvEnabled,omitempty"`
	Code                 *securityCode `json:"connectionCode,omitempty"`
	AuthErrCounter       int           `json:"authErrCounter"`
	QuotaErrCounter      int           `json:"quotaErrCounter"`
	CreatedAt            stamp         `json:"createdAt"`

	db       *database
	user     *user
	peer     *conn
	contact  *contact
	member   *member
	link     *link     // of an invitation
	toLink   *connLink // what it connects to
	profile  *profile  // incognito
	prepared *group    // what it joins, where the chat was there before
	updated  stamp
	held     []func() // letters to the peer until the connection can send
	arrives  int64    // nanoseconds of the Unix time: of the last letter to the peer
	early    []func() // letters of the peer that came before its confirmation
	// withWelcome is how many of the early letters came with the confirmation.
	withWelcome int
	code        string
	classic     bool // without quantum resistant encryption
	deleted     bool
	forgotten   bool // the agent was told to delete it when the group was closed
}

// pendingConn is a connection that is no contact yet.
type pendingConn struct {
	ConnID              int64      `json:"pccConnId"`
	AgentConnID         string     `json:"pccAgentConnId"`
	ConnStatus          connStatus `json:"pccConnStatus"`
	ViaContactURI       bool       `json:"viaContactUri"`
	ViaUserContactLink  int64      `json:"viaUserContactLink,omitempty"`
	GroupLinkID         string     `json:"groupLinkId,omitempty"`
	CustomUserProfileID int64      `json:"customUserProfileId,omitempty"`
	ConnLinkInv         *connLink  `json:"connLinkInv,omitempty"`
	LocalAlias          string     `json:"localAlias"`
	CreatedAt           stamp      `json:"createdAt"`
	UpdatedAt           stamp      `json:"updatedAt"`
}

func (c *conn) pending() pendingConn {
	p := pendingConn{
		ConnID: c.ConnID, AgentConnID: c.AgentConnID, ConnStatus: c.ConnStatus, ViaContactURI: c.XContactID != "",
		ViaUserContactLink: c.ViaUserContactLink, GroupLinkID: c.GroupLinkID, CustomUserProfileID: c.CustomUserProfileID,
		LocalAlias: c.LocalAlias, CreatedAt: c.CreatedAt, UpdatedAt: c.updated,
	}
	if c.XContactID == "" {
		p.ConnLinkInv = c.toLink
	}
	return p
}

type chatSettings struct {
	EnableNtfs string `json:"enableNtfs"`
	SendRcpts  *bool  `json:"sendRcpts,omitempty"`
	Favorite   bool   `json:"favorite"`
}

type preparedContact struct {
	ConnLink           connLink `json:"connLinkToConnect"`
	UIConnLinkType     string   `json:"uiConnLinkType"`
	WelcomeSharedMsgID string   `json:"welcomeSharedMsgId,omitempty"`
	RequestSharedMsgID string   `json:"requestSharedMsgId,omitempty"`
}

// contact is a person the user is, or was, or may be connected to.
type contact struct {
	ContactID            int64            `json:"contactId"`
	LocalDisplayName     string           `json:"localDisplayName"`
	Profile              localProfile     `json:"profile"`
	ActiveConn           *conn            `json:"activeConn,omitempty"`
	ContactUsed          bool             `json:"contactUsed"`
	ContactGrpInvSent    bool             `json:"contactGrpInvSent"`
	ChatDeleted          bool             `json:"chatDeleted"`
	ContactStatus        string           `json:"contactStatus"`
	ChatSettings         chatSettings     `json:"chatSettings"`
	UserPreferences      prefs            `json:"userPreferences"`
	MergedPreferences    *mergedPrefs     `json:"mergedPreferences"`
	CreatedAt            stamp            `json:"createdAt"`
	UpdatedAt            stamp            `json:"updatedAt"`
	ChatTs               *stamp           `json:"chatTs,omitempty"`
	PreparedContact      *preparedContact `json:"preparedContact,omitempty"`
	ContactRequestID     int64            `json:"contactRequestId,omitempty"`
	ContactGroupMemberID int64            `json:"contactGroupMemberId,omitempty"`
	GroupDirectInv       *directInv       `json:"groupDirectInv,omitempty"`
	ChatTags             []int64          `json:"chatTags"`
	ChatItemTTL          *int64           `json:"chatItemTTL,omitempty"`
	UIThemes             raw              `json:"uiThemes,omitempty"`
	CustomData           json.RawMessage  `json:"customData,omitempty"`

	user    *user
	chat    *chat
	shown   shown
	request *contactRequest

	directFrom *conn // of the member of a group who invites
}

type noteFolder struct {
	NoteFolderID int64 `json:"noteFolderId"`
	UserID       int64 `json:"userId"`
	CreatedAt    stamp `json:"createdAt"`
	UpdatedAt    stamp `json:"updatedAt"`
	ChatTs       stamp `json:"chatTs"`
	Favorite     bool  `json:"favorite"`
	Unread       bool  `json:"unread"`

	chat *chat
}
