package sim_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// walks are commands with places for something random: %r a chat, %i an item,
// mostly one that is there, %n a small number, %b on or off, %d a way to delete,
// %m a message, %o a role.
var walks = strings.Split(`/_send %r json [%m]
/_send %r live=%b json [%m]
/_send %r ttl=%n json [%m,%m]
/_update item %r %i json %m
/_delete item %r %i,%i %d
/_delete member item #%n %i
/_delete reports #1 %i %d
/_reaction %r %i %b {"type":"emoji","emoji":"👍"}
/_forward %r %r %i,%i
/_forward plan %r %i
/_get chat %r initial=3
/_get chat %r around=%i count=2
/_get item info %r %i
/_read chat %r
/_read chat items %r %i
/_clear chat %r
/_add #1 %n %o
/_join #%n
/_member role #1 %n,%n %o
/_block #1 %n,%n blocked=%b
/_remove #1 %n messages=%b
/_report #1 %i reason=spam
/_create member contact #1 %n
/_invite member contact @%n
/_invite member contact @%n text hi
/_accept member contact @%n
/_send %r json [{"fileSource":{"filePath":"a.txt"},"msgContent":{"type":"file","text":""},"mentions":{}}]
/freceive %n
/freceive %n encrypt=on
/fcancel %n
/fstatus %n
/_accept member #1 %n member
/_member settings #1 %n {"showMessages":false}
/_delete member chat #1 %n
/_delete @%n entity
/_set prefs @%n {"timedMessages":{"allow":"yes","ttl":%n},"fullDelete":{"allow":"always"}}
/_profile 1 {"displayName":"name%n","fullName":""}
/_group_profile #1 {"displayName":"team","fullName":"%n","groupPreferences":{"fullDelete":{"enable":"%b"},"timedMessages":{"enable":"%b","ttl":%n}}}
/_ttl 1 %r %n
/_stop
/_start
/_start`, "\n")

// randomCommand fills in one of the walks.
func randomCommand(r *rand.Rand, items []string) string {
	pick := func(texts ...string) string { return texts[r.IntN(len(texts))] }
	n := func(most int) string { return fmt.Sprint(1 + r.IntN(most)) }
	item := func() string {
		if len(items) == 0 || r.IntN(8) == 0 {
			return n(60)
		}
		return items[max(0, len(items)-1-r.IntN(30))]
	}
	var b strings.Builder
	for rest := walks[r.IntN(len(walks))]; rest != ""; {
		before, after, found := strings.Cut(rest, "%")
		b.WriteString(before)
		if !found {
			break
		}
		switch after[0] {
		case 'r':
			b.WriteString(pick("@4", "@4", "@"+n(7), "#1", "#1", "#"+n(3), "*1", ":1", "#1(_support)", "#1(_support:"+n(5)+")"))
		case 'i':
			b.WriteString(item())
		case 'n':
			b.WriteString(n(6))
		case 'b':
			b.WriteString(pick("on", "off"))
		case 'd':
			b.WriteString(pick("broadcast", "internal", "internalMark"))
		case 'o':
			b.WriteString(pick("observer", "member", "moderator", "admin"))
		case 'm':
			quote := pick("", "", `"quotedItemId":`+item()+",")
			b.WriteString(`{` + quote + `"msgContent":{"type":"text","text":"` + pick("hi", "@bob", "*b* /c") + `"},"mentions":{` + pick("", `"bob":`+n(4)) + `}}`)
		}
		rest = after[1:]
	}
	return b.String()
}

var newItem = regexp.MustCompile(`"itemId":(\d+),"itemTs"`)

// TestRandomWalk lets three people do what comes, in any order: every answer and
// event stays as documented, and nothing breaks.
func TestRandomWalk(t *testing.T) {
	t.Parallel()
	for seed, version := range []string{"6.5.1", "7.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			net := virtual(t, sim.Options{Seed: 1, Version: version, Dir: dir})
			alice, bob, toBob := connected(t, net)
			carol := person(t, net, "carol")
			link, err := alice.Address()
			must(t, err)
			must(t, carol.Connect(link))
			team, err := alice.CreateGroup("team")
			must(t, err)
			for i, p := range []*sim.Person{bob, carol} {
				must(t, alice.Invite(team, sim.Chat{Ref: []string{toBob.Ref, "@5"}[i]}, "member"))
				must(t, p.Join(sim.Chat{Ref: "#1"}))
			}
			people := []*sim.Person{alice, bob, carol}
			items := map[*sim.Person][]string{} // that each was told of
			for _, p := range people {
				folders := fmt.Sprintf(`{"appFilesFolder":"%[1]s","appTempFolder":"%[1]s/tmp","appAssetsFolder":"%[1]s"}`, p.Name())
				must(t, os.MkdirAll(filepath.Join(dir, p.Name()), 0o700))
				must(t, os.WriteFile(filepath.Join(dir, p.Name(), "a.txt"), []byte("hello"), 0o600))
				_, err := p.Do("/set file paths " + folders)
				must(t, err)
			}
			r := rand.New(rand.NewPCG(uint64(seed), 5))
			steps := 1500
			if raced {
				steps = 200
			}
			for range steps {
				p := people[r.IntN(len(people))]
				cmd := randomCommand(r, items[p])
				reply, err := p.Core.Send(context.Background(), cmd)
				must(t, err)
				if err := documented(p, reply); err != nil {
					t.Errorf("%s: %v", cmd, err)
				}
				net.Advance(time.Duration(r.IntN(2000)) * time.Millisecond)
				for _, p := range people {
					for _, found := range newItem.FindAllStringSubmatch(told(t, p), -1) {
						items[p] = append(items[p], found[1])
					}
				}
				for _, found := range newItem.FindAllStringSubmatch(string(reply), -1) {
					items[p] = append(items[p], found[1])
				}
			}
		})
	}
}
