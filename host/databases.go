package host

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"sync"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// databases are those that the bots of one process have, so that two never open
// the same, and none one of another backend. What options tell is known before
// any bot starts; what a script says is, when it is opened.
type databases struct {
	mu     sync.Mutex          // guards what follows
	owners map[Database]string // without keys, by the bot's name
	first  string              // the first bot of this process with a database, "" before
	kind   bool                // whether its backend is Postgres
}

// claim notes a bot's database. Elsewhere tells that another process opens it.
func (d *databases) claim(bot string, db Database, elsewhere bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	place := Database{Postgres: db.Postgres, Prefix: db.Prefix, Connection: db.Connection}
	if !db.Postgres {
		place.Prefix = filepath.Clean(place.Prefix)
	}
	if other, taken := d.owners[place]; taken && other != bot {
		return &DatabaseError{Bots: [2]string{other, bot}, Shared: true, Problem: "would share the database " + place.Prefix,
			Advice: "Give each bot a database of its own: another data folder, or another prefix."}
	}
	switch {
	case elsewhere:
	case d.first == "":
		d.first, d.kind = bot, db.Postgres
	case d.kind != db.Postgres:
		return &DatabaseError{Bots: [2]string{d.first, bot},
			Problem: fmt.Sprintf("use different backends, %s and %s; one process runs one", backend(d.kind), backend(db.Postgres)),
			Advice:  "Run one of them in a process of its own: isolate = true."}
	}
	if d.owners == nil {
		d.owners = map[Database]string{}
	}
	d.owners[place] = bot
	return nil
}

// release forgets the databases of a bot that has ended. The backend stays: the
// process has its library.
func (d *databases) release(bot string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	maps.DeleteFunc(d.owners, func(_ Database, owner string) bool { return owner == bot })
}

// claimOptions notes the database that the operator sets for a bot, if any.
func (d *databases) claimOptions(b *Bot) error {
	if b.Database == nil || b.Ephemeral {
		return nil
	}
	return d.claim(b.Name, resolveDatabase(b.database(luaapi.Settings{}), b.Data), b.Apart != nil)
}

// guard is OpenCore with a claim before it.
func (d *databases) guard(o Options) func(context.Context, Database) (chat.Core, error) {
	if o.Ephemeral {
		return o.OpenCore
	}
	return func(ctx context.Context, db Database) (chat.Core, error) {
		if err := d.claim(o.Name, db, false); err != nil {
			return nil, err
		}
		return o.OpenCore(ctx, db)
	}
}

func backend(postgres bool) string {
	if postgres {
		return "postgres"
	}
	return "sqlite"
}

// DatabaseError tells why two bots cannot run together.
type DatabaseError struct {
	// Bots are their names.
	Bots [2]string
	// Shared tells that they would open the same database.
	Shared bool
	// Problem is what is wrong.
	Problem string
	// Advice is what to do about it.
	Advice string
}

func (e *DatabaseError) Error() string { return e.Bots[0] + " and " + e.Bots[1] + " " + e.Problem }

// Hint is Advice.
func (e *DatabaseError) Hint() string { return e.Advice }
