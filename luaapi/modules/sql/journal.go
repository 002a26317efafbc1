package sql

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// journalMagic begins the journals of SQLite. It also ends those of transactions
// over several files, behind the name of one more file.
const journalMagic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"

// checkJournal refuses an SQLite file with a journal that was put there: one that
// names another file, which SQLite would delete wherever it is, and one beside a
// file with a write-ahead log, which has no journal, so that SQLite would write
// into it whatever somebody sent. It never leaves such ones itself, since there is
// no ATTACH. Scripts cannot write files of that name, so none comes in between.
func checkJournal(path string) error {
	f, err := os.Open(path + "-journal")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return err
	}
	if st.Size() > 0 && hasLog(path) {
		return &permission.Error{Message: path + ": it has a journal beside it that is not its own"}
	}
	end := make([]byte, len(journalMagic))
	if _, err := f.Seek(-int64(len(end)), io.SeekEnd); err != nil {
		return nil // it is too short to name anything
	}
	if _, err := io.ReadFull(f, end); err != nil {
		return err
	}
	if string(end) == journalMagic {
		return &permission.Error{Message: path + ": its journal names another file, which SQLite would delete"}
	}
	return nil
}

// hasLog tells whether an SQLite file is kept with a write-ahead log, which
// stands in its header.
func hasLog(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 20)
	_, err = io.ReadFull(f, head)
	return err == nil && string(head[:16]) == "SQLite format 3\x00" && head[18] == 2
}
