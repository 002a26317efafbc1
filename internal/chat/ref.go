package chat

import (
	"fmt"
	"strconv"
	"strings"
)

// Kinds of chats, as in ChatInfo's and ChatRef's type.
const (
	TypeDirect = "direct"
	TypeGroup  = "group"
	TypeLocal  = "local"
)

// Ref names a chat, and inside a group the support chat with one member.
type Ref struct {
	// Type is TypeDirect, TypeGroup or TypeLocal.
	Type string
	// ID is the contact's, group's or note folder's id.
	ID int64
	// Support tells that the support chat is meant. MemberID is the member whose
	// support chat it is, 0 for the user's own with the moderators.
	Support  bool
	MemberID int64
}

// String writes the reference as commands take it: "@4", "#2", "#2(_support:5)".
func (r Ref) String() string {
	var b []byte
	switch r.Type {
	case TypeDirect:
		b = append(b, '@')
	case TypeGroup:
		b = append(b, '#')
	case TypeLocal:
		b = append(b, '*')
	default:
		return "?" + r.Type
	}
	b = strconv.AppendInt(b, r.ID, 10)
	if r.Support {
		b = append(b, "(_support"...)
		if r.MemberID != 0 {
			b = strconv.AppendInt(append(b, ':'), r.MemberID, 10)
		}
		b = append(b, ')')
	}
	return string(b)
}

// ParseRef reads what String writes.
func ParseRef(s string) (Ref, error) {
	bad := func() (Ref, error) {
		return Ref{}, fmt.Errorf("%q is not a chat: want @4, #2, *1 or #2(_support:5)", s)
	}
	if s == "" {
		return bad()
	}
	var r Ref
	switch s[0] {
	case '@':
		r.Type = TypeDirect
	case '#':
		r.Type = TypeGroup
	case '*':
		r.Type = TypeLocal
	default:
		return bad()
	}
	id, scope, scoped := strings.Cut(s[1:], "(")
	n, err := strconv.ParseUint(id, 10, 63)
	if err != nil {
		return bad()
	}
	r.ID = int64(n)
	if !scoped {
		return r, nil
	}
	member, ok := strings.CutSuffix(scope, ")")
	if member, ok2 := strings.CutPrefix(member, "_support"); ok && ok2 && r.Type == TypeGroup {
		r.Support = true
		if member == "" {
			return r, nil
		}
		m, err := strconv.ParseUint(strings.TrimPrefix(member, ":"), 10, 63)
		if err == nil && strings.HasPrefix(member, ":") && m > 0 {
			r.MemberID = int64(m)
			return r, nil
		}
	}
	return bad()
}
