package host

import (
	"fmt"
	"path/filepath"

	"github.com/simplex-lua/simplex-lua/luaapi"
)

// checkDatabases refuses bots that would open one database together, and bots
// of one process with different backends, as far as options tell.
func checkDatabases(bots []Bot) error {
	owners := map[Database]string{}
	var first *Bot
	for i := range bots {
		b := &bots[i]
		if b.Database == nil || b.Ephemeral {
			continue
		}
		db := resolveDatabase(b.database(luaapi.Settings{}), b.Data)
		if !db.Postgres {
			db.Prefix = filepath.Clean(db.Prefix)
		}
		place := Database{Postgres: db.Postgres, Prefix: db.Prefix, Connection: db.Connection}
		if other, taken := owners[place]; taken {
			return &DatabaseError{Bots: [2]string{other, b.Name}, Problem: "would share the database " + db.Prefix,
				Advice: "Give each bot a database of its own: another data folder, or another prefix."}
		}
		owners[place] = b.Name
		if b.Apart != nil {
			continue
		}
		if first == nil {
			first = b
		}
		if before := first.Database.Postgres != nil; before != db.Postgres {
			return &DatabaseError{Bots: [2]string{first.Name, b.Name},
				Problem: fmt.Sprintf("use different backends, %s and %s; one process runs one", backend(before), backend(db.Postgres)),
				Advice:  "Run one of them in a process of its own: isolate = true."}
		}
	}
	return nil
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
	// Problem is what is wrong.
	Problem string
	// Advice is what to do about it.
	Advice string
}

func (e *DatabaseError) Error() string { return e.Bots[0] + " and " + e.Bots[1] + " " + e.Problem }

// Hint is Advice.
func (e *DatabaseError) Hint() string { return e.Advice }
