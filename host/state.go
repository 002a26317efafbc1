package host

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/atomicfile"
)

// hostState is what the host remembers from one start to the next. A store
// with more in it can take its place behind loadState and save.
type hostState struct {
	Version int `json:"version"`
	// Database is which one it is about, as Database.place says; "" in those of
	// versions that did not write it.
	Database string `json:"database,omitempty"`
	// UserID is our user in the database.
	UserID int64 `json:"userId"`
	// Since is when something was last stored in this database before the bot was
	// started on it for the first time, by the core's clock: what was stored until
	// then was never meant for it. Of older versions it is that start, by our clock.
	Since time.Time `json:"since"`
	// Newest is the highest item id of what was unread then.
	Newest int64 `json:"newest,omitempty"`
	// Reports is, by group, which reports are finished.
	Reports map[int64]finishedReports `json:"finishedReports,omitempty"`
}

// finishedReports are the reports of one group up to an item's id.
type finishedReports struct {
	// CreatedAt is when the group came to be: the id alone may be another's.
	CreatedAt string `json:"createdAt"`
	UpTo      int64  `json:"upTo"`
}

const stateVersion = 1

// loadState returns the zero state where there is none.
func loadState(path string) (hostState, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return hostState{}, nil
	}
	if err != nil {
		return hostState{}, dataError(path, err)
	}
	var s hostState
	if err := json.Unmarshal(data, &s); err != nil || s.Since.IsZero() {
		return hostState{}, &DataError{
			Path: path, Problem: "it is damaged", Cause: err,
			Hint: "Remove it; messages that came while the bot was off are then not handled.",
		}
	}
	if s.Version > stateVersion {
		return hostState{}, &DataError{
			Path: path, Problem: fmt.Sprintf("it was written by a newer version (%d, known is %d)", s.Version, stateVersion),
			Hint: "Run the newer version, or name another folder with --data.",
		}
	}
	return s, nil
}

// of returns the state of the database at that place: the zero one where this one is
// about another, for user and items have the same ids there.
func (s hostState) of(place string, log *slog.Logger) hostState {
	if s.Database == "" || s.Database == place {
		return s
	}
	log.Warn("the chat database is another one than at the last start: what is unread in it is not for the bot", "before", s.Database, "now", place)
	return hostState{}
}

// save replaces the file at once, so that a kill leaves the old or the new one.
func (s hostState) save(path string) error {
	s.Version = stateVersion
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if err := atomicfile.Write(path, append(data, '\n'), atomicfile.Options{Sync: true, Part: ".state-"}); err != nil {
		return dataError(path, err)
	}
	return nil
}
