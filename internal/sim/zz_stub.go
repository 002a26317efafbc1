package sim

var groupCommands, memberCommands, groupLinkCommands, moderationCommands, fileCommands table

type groupProfile struct {
	DisplayName string `json:"displayName"`
	FullName    string `json:"fullName"`
}
type groupPrefs struct{}
type groupLink struct {
	UserContactLinkID int64
	agentConnID       string
}
type recipient struct{}
type file struct{}
type fileInfo struct{}
type upload struct{}
type offer struct{}
type cryptoFile struct{ FilePath string }

func (c *call) sendGroup(outgoing) (raw, error)                             { return nil, notSimulated("groups") }
func (it *item) authorID() string                                           { return "" }
func (it *item) offer() *offer                                              { return nil }
func (d *database) attach(*item, cryptoFile)                                {}
func (d *database) offered(*item, *offer)                                   {}
func (d *database) receiveOffer(*item, *offer)                              {}
func (d *database) startTimer(*item)                                        {}
func (g *group) mentions(map[string]int64) (map[string]mention, error)      { return nil, nil }
func (g *group) allows(string, *member) bool                                { return true }
func (g *group) supportChat(int64) (*chat, error)                           { return nil, nil }
func (g *group) openReports() int                                           { return 0 }
func (g *group) hasContact(int64) bool                                      { return false }
func (d *database) postGroupEdit(*item)                                     {}
func (d *database) postGroupDeletes(*chat, []string)                        {}
func (d *database) postGroupReaction(*item, string, bool)                   {}
func (it *item) memberStatuses() any                                        { return nil }
func (c *call) groupPlan(*link, bool, bool) plan                            { return plan{} }
func (u *user) sentAsMember(*conn) profile                                  { return u.sent() }
func (d *database) joinRequested(*link, *conn, profile, requestMessage)     {}
func (d *database) businessRequested(*link, *conn, profile, requestMessage) {}
func (c *call) acceptBusiness(*contactRequest) (raw, error)                 { return nil, nil }
func (c *call) prepareBusiness(*link, linkData) (raw, error)                { return nil, notSimulated("business") }
func (c *call) deleteGroup(*group) (raw, error)                             { return nil, nil }
