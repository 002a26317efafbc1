package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// SnapshotError tells why a running bot cannot be saved. The bot goes on.
type SnapshotError struct {
	// Problem is what was wrong, Advice what to do about it.
	Problem, Advice string
	Cause           error // may be nil
}

func (e *SnapshotError) Error() string {
	if e.Cause == nil {
		return e.Problem
	}
	return e.Problem + ": " + e.Cause.Error()
}

// Hint is Advice.
func (e *SnapshotError) Hint() string { return e.Advice }

func (e *SnapshotError) Unwrap() error { return e.Cause }

// Snapshotter says what is saved besides the chat database, while the chat is
// stopped: it copies from the bot's data folder, in which the database db is or
// which tells of it, into the snapshot folder. Export is where the core's archive
// belongs.
type Snapshotter struct {
	Copy   func(ctx context.Context, data string, db Database, folder string) error
	Export func(folder string) string
}

// Snapshot is what a running bot was saved to.
type Snapshot struct {
	// Folder is a new one in the data folder; who asked for it removes it.
	Folder string
	// Database is that of the bot. Of one in Postgres the folder has nothing.
	Database Database
	// Store is the URL of the server that has the script's store, as in Options: of
	// it the folder has nothing. "" is a file, which it has.
	Store string
}

// OutsideAdvice tells what to do about a database that lies outside of the data folder.
const OutsideAdvice = "A backup has only what is in the folder. Stop the bot, move the database's files there, and leave its prefix out, or write one without a folder."

// commandPatience is how long a snapshot waits for commands under way.
const commandPatience = 30 * time.Second

// Snapshot saves the running bot into a folder, and lets it go on. Meanwhile the
// chat is stopped: handlers that send wait, no message is marked as read, and
// what others write arrives after. So a message is in the copy either handled,
// with all that its handlers kept, or unread: then it is handled after a
// restore. It blocks until the bot goes on, and may be called by several
// goroutines, of which one at a time gets a snapshot. Errors are a
// *SnapshotError, ErrStopped, or that of ctx.
func (h *Host) Snapshot(ctx context.Context, s Snapshotter) (snap Snapshot, err error) {
	select {
	case <-h.ready:
	default:
		return snap, &SnapshotError{Problem: "the bot is still starting", Advice: "Wait until it runs, or stop it first."}
	}
	if !h.core.Owned() {
		return snap, &SnapshotError{Problem: "the chat core belongs to another program", Advice: "Back up where that program runs; stop the bot, and its own state can be saved from its data folder."}
	}
	if db := h.database; !db.Postgres && !isBelow(h.data.root, db.Prefix) {
		return snap, &SnapshotError{Problem: "its chat database is not in the data folder, but at " + db.Prefix, Advice: OutsideAdvice}
	}
	select {
	case h.saving <- struct{}{}:
		defer func() { <-h.saving }()
	default:
		return snap, &SnapshotError{Problem: "another backup is being taken", Advice: "Wait for it."}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(h.stopped, cancel)()
	if snap.Folder, err = os.MkdirTemp(h.data.temp(), snapshotPrefix); err != nil {
		return snap, &SnapshotError{Problem: "no folder for the snapshot can be made", Cause: err, Advice: "Make the data folder writable, or make room there."}
	}
	snap.Database, snap.Store = h.database, h.opts.Store
	began := time.Now()
	if err = h.paused(ctx, func() error { return h.save(ctx, s, snap) }); err != nil {
		_ = os.RemoveAll(snap.Folder) // a part is of no use
		return Snapshot{}, err
	}
	h.log.Info("the bot was saved", "paused", time.Since(began).Round(time.Millisecond))
	return snap, nil
}

// paused stops the chat, calls f, and starts the chat again, whatever happened.
func (h *Host) paused(ctx context.Context, f func() error) error {
	wait, cancel := context.WithTimeout(ctx, commandPatience)
	defer cancel()
	if err := h.gate.hold(wait); err != nil {
		return &SnapshotError{Problem: "a command to the chat core does not end", Cause: err, Advice: "Try again; if it stays so, stop the bot and back it up then."}
	}
	defer h.gate.release()
	// What the core has stored, and not told when it stops, it never tells.
	h.reports.freeze()
	defer h.miss()
	core := &control{core: h.gate.Core, log: h.log}
	if _, err := core.send(h.ctx, "/_stop"); err != nil {
		return &SnapshotError{Problem: "the chat does not stop", Cause: err, Advice: "Stop the bot and back it up then."}
	}
	err := f()
	if _, again := core.send(h.ctx, "/_start"); again != nil {
		h.log.Error("the chat does not start again after a backup; the bot ends", "err", again)
		h.Stop("the chat does not start again")
		err = errors.Join(err, &SnapshotError{Problem: "the chat does not start again; the bot ends", Cause: again, Advice: "Start the bot again, and look at its log."})
	}
	return err
}

// save fills the folder. The chat is stopped.
func (h *Host) save(ctx context.Context, s Snapshotter, snap Snapshot) error {
	if err := s.Copy(ctx, h.data.root, snap.Database, snap.Folder); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return &SnapshotError{Problem: "the bot's own state cannot be copied", Cause: err, Advice: "Make room on the disk of the data folder, and look at the file."}
	}
	if h.database.Postgres {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := h.export(s.Export(snap.Folder), snap.Folder); err != nil {
		return &SnapshotError{Problem: "the chat core does not export its database", Cause: err, Advice: "Make room on the disk of the data folder; or stop the bot and back it up then."}
	}
	return nil
}

// export has the core write its archive. The core would copy all received files
// and asks for a folder of wallpapers, so it is told empty folders meanwhile:
// the files are saved already.
func (h *Host) export(archive, folder string) error {
	none, assets := filepath.Join(folder, ".files"), filepath.Join(folder, ".assets")
	if err := errors.Join(os.MkdirAll(filepath.Join(assets, "wallpapers"), 0o700), os.Mkdir(none, 0o700)); err != nil {
		return err
	}
	core := &control{core: h.gate.Core, log: h.log}
	if _, err := core.send(h.ctx, h.data.pathsCommand(none, assets)); err != nil {
		return err
	}
	defer func() {
		if _, err := core.send(h.ctx, h.data.pathsCommand(h.data.files(), h.data.files())); err != nil {
			h.log.Error("the core does not take back the folder for files", "err", err)
		}
	}()
	r, err := core.send(h.ctx, "/_db export "+compact(struct {
		Path       string `json:"archivePath"`
		Uncompress bool   `json:"disableCompression"`
	}{archive, true}))
	if err != nil {
		return err
	}
	var body struct {
		Errors []any `json:"archiveErrors"`
	}
	if err := r.Decode(&body); err != nil {
		return err
	}
	if len(body.Errors) > 0 {
		return fmt.Errorf("it has left out %d files", len(body.Errors))
	}
	return nil
}
