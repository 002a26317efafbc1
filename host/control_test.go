package host

import (
	"strings"
	"testing"
)

func TestControlKeepsOurUserActive(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	core.profile = `{}`
	other := true
	core.override = func(cmd string) string {
		switch {
		case cmd == "/_user 1":
			other = false
		case other:
			return refusal("error", "errorType", "differentActiveUser")
		}
		return ""
	}
	ctl := &control{core: core, log: discard, userID: 1}
	if _, err := ctl.asUser(t.Context(), "/_show_address 1"); !isTag(err, "userContactLinkNotFound") {
		t.Errorf("got error %v, want userContactLinkNotFound", err)
	}
	want := "/_show_address 1|/_user 1|/_show_address 1"
	if got := strings.Join(core.sent(), "|"); got != want {
		t.Errorf("got commands %s, want %s", got, want)
	}
}
