package syntax

import (
	"encoding/json"
	"strings"
)

// WallKind is what a wall is about.
type WallKind uint8

const (
	Path WallKind = iota + 1 // a file or folder on this machine
	Host                     // the address of a server
	Key                      // a key or password
)

// Wall is a value in a command that reaches outside the chat: a path, a host or
// a key. A layer that checks permissions decides on each.
type Wall struct {
	Kind WallKind
	// Where is the parameter, and for JSON the name of the field: "composedMessages.filePath".
	Where string
	Value string
}

// wallFields are the fields of JSON parameters that are walls, wherever they stand.
var wallFields = map[string]WallKind{
	"filePath": Path, "archivePath": Path, "parentTempDirectory": Path,
	"appFilesFolder": Path, "appTempFolder": Path, "appAssetsFolder": Path, "appRemoteHostsFolder": Path,
	"server": Host, "host": Host, "hosts": Host, "socksProxy": Host, "address": Host,
	"currentKey": Key, "newKey": Key, "viewPwd": Key,
}

// Walls lists the paths, hosts and keys in the command, in the order they
// stand. In JSON it sees every field of that name, also one that is repeated,
// since the core may read another one than we do.
func (c Command) Walls() []Wall {
	var walls []Wall
	for _, p := range c.params {
		switch p.kind {
		case kindPath:
			walls = append(walls, Wall{Path, p.name, p.text})
		case kindHost:
			walls = append(walls, Wall{Host, p.name, p.text})
		case kindHosts:
			for word := range strings.FieldsSeq(p.text) {
				if strings.ContainsAny(word, ":/") {
					walls = append(walls, Wall{Host, p.name, word})
				}
			}
		case kindKey:
			walls = append(walls, Wall{Key, p.name, p.text})
		case kindPassword:
			var s string
			if json.Unmarshal([]byte(p.text), &s) != nil {
				s = p.text
			}
			walls = append(walls, Wall{Key, p.name, s})
		case kindJSON, kindObject, kindObjects:
			walls = jsonWalls(walls, p)
		}
	}
	return walls
}

// jsonWalls walks the tokens, for decoding into a map would drop repeated fields.
func jsonWalls(walls []Wall, p param) []Wall {
	dec := json.NewDecoder(strings.NewReader(p.text))
	dec.UseNumber()
	type level struct {
		object, value bool     // inside an object; the next token is a value
		kind          WallKind // what the strings here are
		field         string
	}
	levels := []level{{}}
	for {
		tok, err := dec.Token()
		if err != nil {
			return walls
		}
		l := &levels[len(levels)-1]
		if l.object && !l.value {
			if name, ok := tok.(string); ok {
				l.value, l.field, l.kind = true, name, wallFields[name]
				continue
			}
		}
		l.value = false
		switch t := tok.(type) {
		case json.Delim:
			switch t {
			case '{':
				levels = append(levels, level{object: true})
			case '[':
				levels = append(levels, level{kind: l.kind, field: l.field})
			default:
				levels = levels[:len(levels)-1]
			}
		case string:
			if l.kind != 0 {
				walls = append(walls, Wall{l.kind, p.name + "." + l.field, t})
			}
		}
	}
}
