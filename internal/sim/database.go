package sim

import "slices"

// database is the state of one actor. It stays in the network when it is closed.
type database struct {
	net     *Network
	path    string
	key     string
	v7      bool // of version 7.0
	cores   []*Core
	started bool
	// connecting is set while the servers do not answer yet after a start.
	connecting   bool
	suspended    bool
	storeChanged bool     // and not opened since
	wiped        bool     // whoever opens it next gets a new one
	starts       int      // and stops, so far
	everRun      bool     // the connections were compared with the agent's once
	waiting      []letter // mail for when it is running and has room

	users  map[int64]*user
	active *user
	conns  map[int64]*conn
	items  map[int64]*item

	lastItem    int64
	lastVersion int64
	lastFile    int64
	lastDescr   int64
	ids         map[string]*ids
	files       map[int64]*file
	folders     folders
	operators   []*operator
	netConfig   settings
	appSettings settings
	// conditionsAt is when the conditions of operators became known, and
	// notified when the user was told of them.
	conditionsAt, notified *stamp
	encrypt                bool
	keepsApart             bool       // members and contacts, even if they are the same person
	transfers              []transfer // of files, for when the file server can be reached
}

func newDatabase(n *Network, path, key string, v7 bool) *database {
	return &database{
		net: n, path: path, key: key, v7: v7, users: map[int64]*user{}, conns: map[int64]*conn{},
		items: map[int64]*item{}, ids: map[string]*ids{}, files: map[int64]*file{},
	}
}

// core is the one that gets the events.
func (d *database) core() *Core {
	if len(d.cores) == 0 {
		return nil
	}
	return d.cores[len(d.cores)-1]
}

// reachable tells whether mail can be handed over.
func (d *database) reachable() bool {
	c := d.core()
	return c != nil && d.started && !d.connecting && !d.suspended && !d.net.down["smp"] && !c.queue.full()
}

// collect puts the mail that waited back into the network's.
func (d *database) collect() {
	if len(d.waiting) > 0 && d.reachable() {
		d.net.mail = append(d.net.mail, d.waiting...)
		d.waiting = nil
	}
}

// drop forgets a core that was closed.
func (d *database) drop(c *Core) {
	for i, x := range d.cores {
		if x == c {
			d.cores = append(d.cores[:i], d.cores[i+1:]...)
			break
		}
	}
	if len(d.cores) == 0 {
		d.stop()
	}
}

// emit queues an event about a user.
func (d *database) emit(u *user, tag string, pairs ...any) {
	d.event(result(tag, append([]any{"user", u.json()}, pairs...)...))
}

// event queues an event.
func (d *database) event(r raw) {
	if c := d.core(); c != nil && c.queue.put(r) && d.net.woken != nil {
		d.net.woken(c)
	}
}

// ids gives out the numbers of one table: the one after the largest in use, as
// SQLite does, so numbers of deleted rows at the end are used again.
type ids struct {
	last  int64
	freed map[int64]bool // below last
}

func (s *ids) take() int64 {
	s.last++
	return s.last
}

func (s *ids) free(id int64) {
	if id > s.last {
		return
	}
	if s.freed == nil {
		s.freed = map[int64]bool{}
	}
	s.freed[id] = true
	for s.freed[s.last] {
		delete(s.freed, s.last)
		s.last--
	}
}

// next gives the next number of a table.
func (d *database) next(table string) int64 { return d.table(table).take() }

// free makes the number of a deleted row free.
func (d *database) free(table string, id int64) { d.table(table).free(id) }

func (d *database) table(name string) *ids {
	t := d.ids[name]
	if t == nil {
		t = &ids{}
		d.ids[name] = t
	}
	return t
}

// stop ends what runs.
func (d *database) stop() {
	d.started, d.connecting, d.suspended = false, false, false
	d.starts++
	for _, u := range d.users {
		u.online, u.filesOnline = false, false
	}
}

// connected shows that a user speaks to the message server, once per start.
func (d *database) connected(u *user) {
	if !u.online && !d.net.down["smp"] {
		u.online = true
		d.event(result("hostConnected", "protocol", "smp", "transportHost", serverHost))
	}
}

// serverChanged tells a running actor that a server went away or came back.
func (d *database) serverChanged(name string, up bool) {
	if name == "xftp" {
		d.fileServerChanged(up)
		return
	}
	if !d.started || d.core() == nil {
		return
	}
	for _, u := range d.users {
		switch ids := d.connIDs(u); {
		case up && len(ids) > 0:
			d.connected(u)
			d.subscription("active", ids)
		case !up && u.online:
			u.online = false
			d.event(result("hostDisconnected", "protocol", "smp", "transportHost", serverHost))
			d.subscription("pending", ids)
		}
	}
	d.collect()
}

// subscription tells the state of the connections at the server.
func (d *database) subscription(status string, ids []string) {
	if len(ids) > 0 {
		d.event(result("subscriptionStatus", "server", serverAddress, "subscriptionStatus", tag{status}, "connections", ids))
	}
}

// connIDs are the user's connections that the server has queues for.
func (d *database) connIDs(u *user) []string {
	var ids []string
	if u.address != nil {
		ids = append(ids, u.address.agentConnID)
	}
	for _, g := range u.groups {
		if g.link != nil {
			ids = append(ids, g.link.agentConnID)
		}
	}
	for _, c := range d.conns {
		if c.user == u && !c.deleted && c.ConnStatus.Type != "joined" {
			ids = append(ids, c.AgentConnID)
		}
	}
	slices.Sort(ids)
	return ids
}
