package check

import (
	"io/fs"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
)

// Files lists a script in a folder and every file below it that it requires by
// a written name, the script first. The findings are files that do not compile,
// and modules that are not there. The error is for what cannot be read at all.
func Files(folder fs.FS, name string, o Options) (files []string, found []Finding, err error) {
	s := &session{options: o, folder: folder, globals: map[string]bool{}, done: map[string]bool{}}
	s.lua = lua51.New(lua51.Options{})
	defer s.lua.Close()
	if err := s.file(name); err != nil {
		return nil, nil, err
	}
	for _, f := range s.files {
		files = append(files, f.name)
	}
	return files, s.findings, nil
}
