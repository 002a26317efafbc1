package devchat

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/simplex-lua/simplex-lua/luaapi"
)

// recorder writes a session as a test case. A nil recorder records nothing.
//
// Every line that was typed stands in the file as a comment, see Typed, and
// below it what the test does instead. What the bot did after it is expected.
type recorder struct {
	path  string
	dir   string            // absolute, of the file
	bot   string            // the option that names the script, "" where it is beside
	steps []step            // the first is not used, so that 0 is none
	names map[string]string // of variables, by person and by "#group"
	count int               // of things that people did
	saved int               // of messages that have a name
	now   func() time.Time  // the session's time
	at    time.Time         // of the last step
}

// step is a part of the case; message is the name under which what it expects
// is used later.
type step struct {
	code    string
	message string
	problem bool // expects an error of the script
}

// fileSuffix is how the names of files of tests end.
const fileSuffix = "_test.lua"

// newRecorder makes the file at once, to find out now whether that works.
func newRecorder(path, script string, now func() time.Time) (*recorder, error) {
	if !strings.HasSuffix(path, fileSuffix) {
		return nil, fmt.Errorf("record: files of tests are called NAME%s, not %s", fileSuffix, path)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if script, err = filepath.Abs(script); err != nil {
		return nil, err
	}
	r := &recorder{path: path, dir: filepath.Dir(abs), steps: make([]step, 1), names: map[string]string{}, now: now, at: now()}
	if strings.TrimSuffix(abs, fileSuffix)+".lua" != script {
		r.bot = r.relative(script)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	switch {
	case os.IsExist(err):
		return nil, fmt.Errorf("record: %w; give a new file: %s is not overwritten", fs.ErrExist, path)
	case err != nil:
		return nil, fmt.Errorf("record: %w", err)
	}
	return r, f.Close()
}

// relative is a path as the file of tests names it.
func (r *recorder) relative(path string) string {
	abs, err := filepath.Abs(path)
	if err == nil {
		if rel, err := filepath.Rel(r.dir, abs); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return filepath.ToSlash(path)
}

// save writes the file and tells how much was recorded. With nothing in it the
// file is removed.
func (r *recorder) save() (steps int, err error) {
	if r.count == 0 {
		return 0, os.Remove(r.path)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "-- Recorded by simplex-lua dev, which plays it again with --script %s.\n", filepath.Base(r.path))
	b.WriteString("local sim = require \"simplex.sim\"\n\n")
	option := ""
	if r.bot != "" {
		option = "{ bot = " + quoteLua(r.bot) + " }, "
	}
	fmt.Fprintf(&b, "sim.case(\"recorded session\", %sfunction(net)\n", option)
	if r.saved > 0 {
		b.WriteString("  local m = {}\n")
	}
	for _, st := range r.steps[1:] {
		code := st.code
		if code == "" {
			continue
		}
		if st.message != "" {
			code = st.message + " = " + code
		}
		b.WriteString("  " + strings.ReplaceAll(code, "\n", "\n  ") + "\n")
	}
	b.WriteString("end)\n")
	return r.count, os.WriteFile(r.path, []byte(b.String()), 0o666)
}

// add adds a step and returns its number.
func (r *recorder) add(format string, args ...any) int {
	r.at = r.now()
	r.steps = append(r.steps, step{code: fmt.Sprintf(format, args...)})
	return len(r.steps) - 1
}

// typed records a line as it was typed. undo takes it and what follows back.
func (r *recorder) typed(line string) (undo func()) {
	if r == nil {
		return func() {}
	}
	steps, count, names := len(r.steps), r.count, maps.Clone(r.names)
	r.add("%s%s", typedMark, line)
	return func() { r.steps, r.count, r.names = r.steps[:steps], count, names }
}

// comment records something to read.
func (r *recorder) comment(text string) {
	if r != nil {
		r.add("-- %s", text)
	}
}

// connect records that a person connects to the bot.
func (r *recorder) connect(p *person) {
	if r == nil {
		return
	}
	if len(r.steps) == 1 { // the first person has typed nothing
		r.add("%s:as %s", typedMark, p.Name())
	}
	name := r.name(p.Name(), p.Name())
	r.add("local %s = net:user(%s):connect()", name, quoteLua(p.Name()))
}

// in is a person in a chat.
func (r *recorder) in(p *person, group string) string {
	if group == "" {
		return r.names[p.Name()]
	}
	return fmt.Sprintf("%s:in_group(%s)", r.names[p.Name()], r.groupName(group))
}

// groupName is the variable of a group. One that no line has made gets its name
// from its first use, which the test then shows to be missing.
func (r *recorder) groupName(group string) string { return r.name("#"+group, group) }

// act records what a person does; empty arguments are left out.
func (r *recorder) act(p *person, group, verb string, args ...string) {
	if r == nil {
		return
	}
	r.count++
	args = slices.DeleteFunc(args, func(a string) bool { return a == "" })
	r.add("%s:%s(%s)", r.in(p, group), verb, strings.Join(args, ", "))
}

// file records that a person sends a file.
func (r *recorder) file(p *person, group, path, text string) {
	if r == nil {
		return
	}
	args := []string{quoteLua(r.relative(path))}
	if text != "" {
		args = append(args, quoteLua(text))
	}
	r.act(p, group, "send_file", args...)
}

// message is the name of a message that a person got.
func (r *recorder) message(p *person, group string, m *heard) string {
	if r == nil {
		return ""
	}
	if m.step == 0 { // of another person; those are expected only where they are needed
		m.step = len(r.steps) - 1 // above the line that was typed
		r.add("%s", r.steps[m.step].code)
		r.steps[m.step].code = fmt.Sprintf("%s:expect(%s, { from = %s, skip = true })", r.in(p, group), quoteLua(m.text), r.names[m.from])
	}
	st := &r.steps[m.step]
	if st.message == "" {
		r.saved++
		st.message = fmt.Sprintf("m[%d]", r.saved)
	}
	return st.message
}

// told records that the bot did something that p saw, and returns the step.
func (r *recorder) told(p *person, e Entry) int {
	if r == nil {
		return 0
	}
	method := map[What]string{Wrote: "expect", Edited: "expect_edit", Deleted: "expect_deletion", Reacted: "expect_reaction"}[e.What]
	if method == "" {
		return 0
	}
	return r.add("%s:%s(%s)", r.in(p, e.Group), method, quoteLua(e.Text))
}

// advance records that time passes.
func (r *recorder) advance(d time.Duration) {
	if r != nil {
		r.count++
		r.add("net:advance(%s)", quoteLua(luaapi.Brief(d)))
	}
}

// problem records an error of the script. Errors do not let time pass, as
// expectations do.
func (r *recorder) problem(text string, at time.Time) {
	if r == nil {
		return
	}
	if gap := at.Sub(r.at); gap >= longGap {
		r.add("net:advance(%s)", quoteLua(luaapi.Brief(gap.Round(time.Millisecond))))
	}
	r.steps[r.add("net.bot:expect_error({ contains = %s })", quoteLua(text))].problem = true
}

// reloaded records that the script has changed. A line at which the older
// version failed is left out of the test: it was typed to find the mistake.
func (r *recorder) reloaded() {
	if r == nil {
		return
	}
	typed := func(i int) bool { return strings.HasPrefix(r.steps[i].code, typedMark) }
	for i := range r.steps {
		if !r.steps[i].problem {
			continue
		}
		from, to := i, i+1
		for from > 1 && !typed(from) {
			from--
		}
		for to < len(r.steps) && !typed(to) {
			to++
		}
		block := r.steps[from:to]
		if slices.ContainsFunc(block, func(st step) bool { return strings.HasPrefix(st.code, "local ") }) {
			block = r.steps[i : i+1] // what makes a person or a group must stay
		}
		clear(block)
	}
	r.comment("the script was reloaded here, and what failed before it left out")
}

// longGap is more time than a handler takes that does not wait.
const longGap = 200 * time.Millisecond
