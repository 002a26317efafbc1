package luaapi

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// someOf draws nothing (no condition) or a list without order.
func someOf[T comparable](t *rapid.T, name string, values ...T) oneOf[T] {
	if rapid.Bool().Draw(t, name+" is free") {
		return nil
	}
	return rapid.SliceOfN(rapid.SampledFrom(values), 1, 3).Draw(t, name)
}

func drawFilter(t *rapid.T) *filter {
	f := &filter{
		ContentType: someOf(t, "content", "text", "image", "", "strange"),
		ChatType:    someOf(t, "chat", chat.TypeDirect, chat.TypeGroup, chat.TypeLocal),
	}
	switch rapid.IntRange(0, 6).Draw(t, "rare") {
	case 0:
		for _, text := range someOf(t, "text", "yes", "no", "") {
			f.Text = append(f.Text, matcher{text: text})
		}
	case 1:
		f.Text = matchers{{text: "yes"}, {re: regexp.MustCompile("^n")}}
	case 2:
		f.FromContactID = someOf[int64](t, "contact", 1, 2, 3)
	case 3:
		f.FromMemberID = someOf[int64](t, "member", 1, 2, 3)
	case 4:
		f.GroupID = someOf[int64](t, "group", 1, 2, 3)
	}
	return f
}

// Whatever the filters are, a handler that matches is found, in its order.
func TestCandidatesHoldAllThatMatch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set := &handlerSet{}
		for range rapid.IntRange(0, 20).Draw(t, "handlers") {
			set.messages = append(set.messages, &handler{filter: drawFilter(t)})
		}
		c := newCandidates(set)
		for range 10 {
			it := &chat.Item{
				Kind: rapid.SampledFrom([]string{"text", "image", "", "strange", "new"}).Draw(t, "kind"),
				Text: rapid.SampledFrom([]string{"yes", "no", "", "else"}).Draw(t, "item's text"),
				Chat: chat.Ref{Type: rapid.SampledFrom([]string{chat.TypeDirect, chat.TypeGroup, chat.TypeLocal, "?"}).Draw(t, "type"), ID: rapid.Int64Range(0, 4).Draw(t, "chat id")},
			}
			if it.Chat.Type == chat.TypeGroup {
				it.Member.ID = rapid.Int64Range(0, 4).Draw(t, "member id")
			}
			found := c.messages(it)
			if !slices.IsSorted(found) || len(slices.Compact(slices.Clone(found))) != len(found) {
				t.Fatalf("%+v: got %v, want each once and in order", it, found)
			}
			for place, h := range set.messages {
				if h.filter.matchesItem(it) && !slices.Contains(found, place) {
					t.Fatalf("%+v: got %v, want also %d: %+v", it, found, place, h.filter)
				}
			}
		}
	})
}

// Of a thousand handlers only those are asked that a message may be for.
func TestCandidatesAreFew(t *testing.T) {
	t.Parallel()
	set := &handlerSet{}
	for n := range int64(1000) {
		set.commands = append(set.commands, &handler{filter: &filter{}, keywords: []string{fmt.Sprintf("Word%d", n)}})
		f := &filter{ContentType: oneOf[string]{"file"}}
		switch n % 4 {
		case 0:
			f.Text = matchers{{text: fmt.Sprint(n)}}
		case 1:
			f.FromContactID = oneOf[int64]{n}
		case 2:
			f.GroupID = oneOf[int64]{n}
		}
		set.messages = append(set.messages, &handler{filter: f})
	}
	set.messages = append(set.messages, &handler{filter: &filter{}})
	c := newCandidates(set)
	for _, it := range []chat.Item{
		{Kind: "text", Text: "400", Chat: chat.Ref{Type: chat.TypeDirect, ID: 2}},
		{Kind: "text", Chat: chat.Ref{Type: chat.TypeDirect, ID: 401}},
		{Kind: "text", Chat: chat.Ref{Type: chat.TypeGroup, ID: 402}, Member: chat.Member{ID: 9}},
	} {
		if got := len(c.messages(&it)); got != 2 {
			t.Errorf("%+v: got %d handlers to ask, want 2", it, got)
		}
	}
	if got := c.keywords[foldCase("wORD77")]; !slices.Equal(got, []int{77}) {
		t.Errorf("got %v, want the command 77 alone", got)
	}
}

func TestFoldCase(t *testing.T) {
	t.Parallel()
	words := []string{"help", "HELP", "Straße", "STRASSE", "ſet", "SET", "\u212Aey", "key", "Ωm", "ωM", "Ωm", "Дом", "дОМ", ""}
	for _, a := range words {
		for _, b := range words {
			if got, want := foldCase(a) == foldCase(b), strings.EqualFold(a, b); got != want {
				t.Errorf("%q and %q: got %v, want %v", a, b, got, want)
			}
		}
	}
}
