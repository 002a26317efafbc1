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

// checkJournal refuses an SQLite file with a journal that names another file:
// SQLite would delete that one, wherever it is, and a script can write a journal.
// It never leaves such a one itself, since there is no ATTACH. Files are then
// kept with a write-ahead log, which SQLite looks at no journal beside.
func checkJournal(path string) error {
	f, err := os.Open(path + "-journal")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
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
