package luaapi

import (
	"slices"
	"unicode"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// candidates finds the handlers that a message may be for without asking each
// one: a handler stands under the rarest thing that its filter asks for. Who is
// found is still asked for everything; who is not found cannot match.
//
//	on_command "help"              ─▶ keywords["help"]
//	on_message { text = "yes" }    ─▶ texts["yes"]
//	on_message { group_id = 2 }    ─▶ ids[group 2]
//	on_message { content_type = …} ─▶ rest[content type, chat type]
//
// The lists hold places in handlerSet.messages and .commands, in order. It is
// made once for a handlerSet and never changed.
type candidates struct {
	keywords map[string][]int
	texts    map[string][]int
	ids      map[idKey][]int
	rest     map[kindKey][]int
	// kinds and chats are the content and chat types that any handler of rest asks
	// for; all others are "" in rest.
	kinds, chats map[string]bool
}

// idKey is a contact, group or member.
type idKey struct {
	what byte // c, g or m
	id   int64
}

type kindKey struct{ content, chat string }

func newCandidates(set *handlerSet) *candidates {
	c := &candidates{
		keywords: map[string][]int{}, texts: map[string][]int{}, ids: map[idKey][]int{}, rest: map[kindKey][]int{},
		kinds: map[string]bool{"": true}, chats: map[string]bool{"": true},
	}
	for place, h := range set.commands {
		for _, k := range h.keywords {
			addPlace(c.keywords, foldCase(k), place)
		}
	}
	var rest []int
	for place, h := range set.messages {
		if !c.addRare(h.filter, place) {
			rest = append(rest, place)
			setAll(c.kinds, h.filter.ContentType)
			setAll(c.chats, h.filter.ChatType)
		}
	}
	for kind := range c.kinds {
		for typ := range c.chats {
			for _, place := range rest {
				if f := set.messages[place].filter; f.ContentType.has(kind) && f.ChatType.has(typ) {
					addPlace(c.rest, kindKey{kind, typ}, place)
				}
			}
		}
	}
	return c
}

// addRare puts a handler under a text or an id, if its filter asks for one.
func (c *candidates) addRare(f *filter, place int) bool {
	if texts, ok := f.Text.texts(); ok {
		for _, text := range texts {
			addPlace(c.texts, text, place)
		}
		return true
	}
	for _, by := range []struct {
		what byte
		ids  oneOf[int64]
	}{{'m', f.FromMemberID}, {'c', f.FromContactID}, {'g', f.GroupID}} {
		if by.ids != nil {
			for _, id := range by.ids {
				addPlace(c.ids, idKey{by.what, id}, place)
			}
			return true
		}
	}
	return false
}

// addPlace adds a place to a list, once.
func addPlace[K comparable](lists map[K][]int, key K, place int) {
	list := lists[key]
	if len(list) == 0 || list[len(list)-1] != place {
		lists[key] = append(list, place)
	}
}

func setAll(m map[string]bool, keys []string) {
	for _, k := range keys {
		m[k] = true
	}
}

// messages returns the places of the handlers that a message may be for, in
// order.
func (c *candidates) messages(it *chat.Item) []int {
	kind, typ := it.Kind, it.Chat.Type
	if !c.kinds[kind] {
		kind = ""
	}
	if !c.chats[typ] {
		typ = ""
	}
	found := c.rest[kindKey{kind, typ}]
	inOrder := len(found)
	found = append(found[:inOrder:inOrder], c.texts[it.Text]...)
	if it.Chat.Type == chat.TypeGroup {
		found = append(found, c.ids[idKey{'g', it.Chat.ID}]...)
		found = append(found, c.ids[idKey{'m', it.Member.ID}]...)
	} else {
		found = append(found, c.ids[idKey{'c', it.Chat.ID}]...)
	}
	if len(found) > inOrder {
		slices.Sort(found)
	}
	return found
}

// foldCase is the same for words that strings.EqualFold takes for the same.
func foldCase(word string) string {
	folded := []rune(word)
	for i, r := range folded {
		least := r
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			least = min(least, other)
		}
		folded[i] = least
	}
	return string(folded)
}
