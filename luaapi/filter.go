package luaapi

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// filter decides which messages a handler gets: AND across its keys, OR within
// a list. The zero value lets everything pass that is not held back by default.
type filter struct {
	ContentType   oneOf[string] `lua:"content_type"`
	Text          matchers      `lua:"text"`
	Pattern       oneOf[string] `lua:"pattern"` // Lua patterns, found anywhere in the text
	Args          matchers      `lua:"args"`    // of a command; commands only
	ChatType      oneOf[string] `lua:"chat_type"`
	FromRole      oneOf[string] `lua:"from_role"`
	MinRole       role          `lua:"min_role"`
	FromContactID oneOf[int64]  `lua:"from_contact_id"`
	FromMemberID  oneOf[int64]  `lua:"from_member_id"`
	GroupID       oneOf[int64]  `lua:"group_id"`
	Scope         scope         `lua:"scope"`
	When          function      `lua:"when"`
	// Fallback handlers run only where no other handler matched.
	Fallback bool `lua:"fallback"`
	// History lets messages pass that were written before the bot joined.
	History bool `lua:"history"`
	// Commands lets registered commands pass to a message handler.
	Commands bool `lua:"commands"`
}

// newFilter reads a filter table. what names the handler in errors.
func newFilter(what string, v lua.LValue) (*filter, error) {
	f := &filter{}
	if v == lua.LNil {
		return f, nil
	}
	if err := decodeOptions(what, v, f); err != nil {
		return nil, err
	}
	for _, known := range []struct {
		key          string
		given, there []string
	}{{"chat_type", f.ChatType, []string{chat.TypeDirect, chat.TypeGroup, chat.TypeLocal}}, {"from_role", f.FromRole, roles}} {
		for _, value := range known.given {
			if !slices.Contains(known.there, value) {
				return nil, optionError(what+"."+known.key, "want one of %v, got the string %q", known.there, value)
			}
		}
	}
	if what != "on_command" && f.Args != nil {
		return nil, optionError(what+".args", "only on_command takes it")
	}
	return f, nil
}

// newWaitFilter is newFilter for whoever waits for one message.
func newWaitFilter(what string, v lua.LValue) (*filter, error) {
	f, err := newFilter(what, v)
	if err == nil && f.Fallback {
		return nil, optionError(what+".fallback", "only handlers take it")
	}
	return f, err
}

// matchesItem decides by what Go knows of the item: everything but pattern and when.
func (f *filter) matchesItem(it *chat.Item) bool {
	group := it.Chat.Type == chat.TypeGroup
	return f.ContentType.has(it.Kind) &&
		f.Text.match(it.Text) &&
		f.ChatType.has(it.Chat.Type) &&
		(f.FromRole == nil || group && f.FromRole.has(it.Member.Role)) &&
		(f.MinRole == "" || group && f.MinRole.reachedBy(it.Member.Role)) &&
		(f.FromContactID == nil || !group && f.FromContactID.has(it.Chat.ID)) &&
		(f.FromMemberID == nil || group && f.FromMemberID.has(it.Member.ID)) &&
		(f.GroupID == nil || group && f.GroupID.has(it.Chat.ID)) &&
		f.Scope.has(it.Chat) &&
		(f.History || !it.History)
}

// needsLua tells whether a part of the filter is decided in Lua.
func (f *filter) needsLua() bool { return f.Pattern != nil || f.When.fn != nil }

// oneOf is a value or a list of values; nil lets every value pass.
type oneOf[T comparable] []T

func (o oneOf[T]) has(v T) bool { return o == nil || slices.Contains(o, v) }

func (o *oneOf[T]) decodeLua(v lua.LValue) error {
	list := []T{}
	err := eachOf(v, func(v lua.LValue) error {
		one, err := scalar[T](v)
		list = append(list, one)
		return err
	})
	*o = list
	return err
}

func scalar[T comparable](v lua.LValue) (out T, err error) {
	switch p := any(&out).(type) {
	case *string:
		s, ok := v.(lua.LString)
		if !ok {
			return out, fmt.Errorf("want a string, got %s", describe(v))
		}
		*p = string(s)
	case *int64:
		n, ok := v.(lua.LNumber)
		if !ok || lua.LNumber(int64(n)) != n {
			return out, fmt.Errorf("want a whole number, got %s", describe(v))
		}
		*p = int64(n)
	}
	return out, nil
}

// eachOf calls f with v, or with each value of v where it is a list.
func eachOf(v lua.LValue, f func(lua.LValue) error) error {
	t, ok := v.(*lua.LTable)
	if !ok {
		return f(v)
	}
	if table.Len(t) == 0 {
		return errors.New("the list is empty, so nothing would ever match")
	}
	for i := 1; i <= table.Len(t); i++ {
		if err := f(table.At(t, i)); err != nil {
			return err
		}
	}
	return nil
}

// matchers are texts and regular expressions, one of which must match the
// whole text (a string) or somewhere in it (bot.re).
type matchers []matcher

// matcher is a text, or a regular expression where re is set.
type matcher struct {
	text string
	re   *regexp.Regexp
}

func (m matchers) match(s string) bool {
	return m == nil || slices.ContainsFunc(m, func(m matcher) bool {
		if m.re != nil {
			return m.re.MatchString(s)
		}
		return s == m.text
	})
}

// texts returns the only texts that match, if they can be told.
func (m matchers) texts() (texts []string, ok bool) {
	for _, one := range m {
		if one.re != nil {
			return nil, false
		}
		texts = append(texts, one.text)
	}
	return texts, m != nil
}

func (m *matchers) decodeLua(v lua.LValue) error {
	list := matchers{}
	err := eachOf(v, func(v lua.LValue) error {
		switch v := v.(type) {
		case lua.LString:
			list = append(list, matcher{text: string(v)})
			return nil
		case *lua.LUserData:
			if re, ok := v.Value.(*regexp.Regexp); ok {
				list = append(list, matcher{re: re})
				return nil
			}
		}
		return fmt.Errorf(`want a string or bot.re"…", got %s`, describe(v))
	})
	*m = list
	return err
}

// roles in groups, from the least to the most.
var roles = []string{"relay", "observer", "author", "member", "moderator", "admin", "owner"}

// role is the least role a sender must have.
type role string

func (r *role) decodeLua(v lua.LValue) error {
	s, ok := v.(lua.LString)
	if !ok || !slices.Contains(roles, string(s)) {
		return fmt.Errorf("want one of %v, got %s", roles, describe(v))
	}
	*r = role(s)
	return nil
}

// reachedBy is false for roles that are not known: an unknown role has no rights.
func (r role) reachedBy(other string) bool {
	return slices.Index(roles, other) >= slices.Index(roles, string(r))
}

// scope is "main", "support" or "" for both.
type scope string

func (s *scope) decodeLua(v lua.LValue) error {
	t, ok := v.(lua.LString)
	if !ok || t != "main" && t != "support" {
		return fmt.Errorf(`want "main" or "support", got %s`, describe(v))
	}
	*s = scope(t)
	return nil
}

func (s scope) has(ref chat.Ref) bool { return s == "" || (s == "support") == ref.Support }

// function is an option that is a Lua function.
type function struct{ fn *lua.LFunction }

func (f *function) decodeLua(v lua.LValue) error {
	fn, ok := v.(*lua.LFunction)
	if !ok {
		return fmt.Errorf("want a function, got %s", describe(v))
	}
	f.fn = fn
	return nil
}
