package sim

var fileCommands table

type file struct{}
type fileInfo struct{}
type upload struct{}
type offer struct{}
type cryptoFile struct{ FilePath string }

func (it *item) offer() *offer                                              { return nil }
func (d *database) attach(*item, cryptoFile)                                {}
func (d *database) offered(*item, *offer)                                   {}
func (d *database) receiveOffer(*item, *offer)                              {}
func (d *database) startTimer(*item)                                        {}
func (d *database) businessRequested(*link, *conn, profile, requestMessage) {}
func (c *call) acceptBusiness(*contactRequest) (raw, error)                 { return nil, nil }
func (c *call) prepareBusiness(*link, linkData) (raw, error)                { return nil, notSimulated("business") }
