package sim_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// stage is the folder of a conversation, with the files that were there when it
// was recorded.
type stage struct {
	t   *testing.T
	dir string
	app map[string]string // the folder of files, by actor
}

func newStage(t *testing.T, dir string) *stage {
	s := &stage{t, dir, map[string]string{}}
	for _, d := range []string{"db", "files", "temp", "assets", "home"} {
		must(t, os.MkdirAll(filepath.Join(dir, d), 0o700))
	}
	return s
}

// within is the whole path of one that stays in the folder, else "".
func (s *stage) within(path string) string {
	if !filepath.IsLocal(path) {
		return ""
	}
	return filepath.Join(s.dir, path)
}

// make makes a file of that size unless there is something.
func (s *stage) make(path string, size int64) {
	full := s.within(path)
	if full == "" {
		return
	}
	if _, err := os.Lstat(full); err == nil {
		return
	}
	must(s.t, os.MkdirAll(filepath.Dir(full), 0o700))
	must(s.t, os.WriteFile(full, nil, 0o600))
	must(s.t, os.Truncate(full, size))
}

// tooLarge is more than any file that can be sent.
const tooLarge = 1200 << 20

var (
	numbered    = regexp.MustCompile(`^(.*)_(\d+)(\.[^./]*)?$`)
	removedFile = regexp.MustCompile(`^file (\S+) removed$`)
)

// before makes the files that a command sends or finds in its way.
func (s *stage) before(l line) {
	reply := l.body
	result, app := dig(reply, "result"), s.app[l.Actor]
	if folders, ok := strings.CutPrefix(*l.Cmd, "/set file paths "); ok {
		s.folders(l.Actor, folders)
		return
	}
	if strings.Contains(string(l.Reply), `"home/Downloads/`) {
		must(s.t, os.MkdirAll(filepath.Join(s.dir, "home", "Downloads"), 0o700))
	}
	if strings.Contains(*l.Cmd, "fileSource") {
		s.sent(app, *l.Cmd, result)
		if digText(reply, "error", "errorType", "type") == "fileSize" {
			s.make(filepath.Join(app, digText(reply, "error", "errorType", "filePath")), tooLarge)
		}
	}
	if words := strings.SplitN(*l.Cmd, " ", 3); words[0] == "/_upload" && len(words) == 3 && dig(result, "fileTransferMeta") != nil {
		s.make(words[2], integer(dig(result, "fileTransferMeta", "fileSize")))
	}
	eachObject(result, func(m map[string]any) { s.inTheWay(app, m) })
}

func (s *stage) folders(actor, text string) {
	var paths map[string]string
	if json.Unmarshal([]byte(text), &paths) != nil {
		return // the command is wrong on purpose
	}
	s.app[actor] = paths["appFilesFolder"]
	for _, p := range paths {
		if full := s.within(p); full != "" {
			must(s.t, os.MkdirAll(full, 0o700))
		}
	}
}

// sealed is what encryption adds to a file.
const sealed = 16

func (s *stage) sent(app, cmd string, result any) {
	eachObject(result, func(m map[string]any) {
		path := digText(m, "fileSource", "filePath")
		if path == "" || m["fileSize"] == nil {
			return
		}
		size := integer(m["fileSize"])
		if regexp.MustCompile(`"filePath":\s*` + regexp.QuoteMeta(strconv.Quote(path)) + `,\s*"cryptoArgs"`).MatchString(cmd) {
			size += sealed
		}
		s.make(filepath.Join(app, path), size)
	})
}

// inTheWay makes name.ext and name_1.ext for a file received as name_2.ext.
func (s *stage) inTheWay(app string, file map[string]any) {
	path := digText(file, "fileSource", "filePath")
	m := numbered.FindStringSubmatch(path)
	if m == nil || digText(file, "fileStatus", "type") != "rcvAccepted" ||
		strings.HasPrefix(digText(file, "fileName"), filepath.Base(m[1])+"_") {
		return
	}
	n, _ := strconv.Atoi(m[2])
	for i := range n {
		name := m[1] + m[3]
		if i > 0 {
			name = fmt.Sprintf("%s_%d%s", m[1], i, m[3])
		}
		s.make(filepath.Join(app, name), 10)
	}
}

// remark does what a remark says of files.
func (s *stage) remark(text string) {
	if m := removedFile.FindStringSubmatch(text); m != nil {
		if err := os.Remove(s.within(m[1])); err != nil && !os.IsNotExist(err) {
			s.t.Error(err)
		}
	}
}

func integer(v any) int64 {
	n, _ := v.(json.Number)
	i, _ := n.Int64()
	return i
}
