package nearest

import (
	"slices"
	"testing"
)

func TestName(t *testing.T) {
	t.Parallel()
	known := []string{"content_type", "text", "pattern", "chat_type", "when", "APISendMessages"}
	for name, want := range map[string]string{
		"contenttype": "content_type", "contnet_type": "content_type", "txt": "text", "whne": "when", "WHEN": "when",
		"apisendmessage": "APISendMessages", "group": "", "x": "", "": "",
	} {
		if got := Name(name, known); got != want {
			t.Errorf("Name(%q) = %q, want %q", name, got, want)
		}
	}
}

// TestNameOfSeveral gives known names that are equally near in both orders.
func TestNameOfSeveral(t *testing.T) {
	t.Parallel()
	known := []string{"send", "bend", "lend"}
	for range 2 {
		if got := Name("rend", known); got != "bend" {
			t.Errorf("Name(rend) of %v = %q, want bend", known, got)
		}
		slices.Reverse(known)
	}
}

func TestHint(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"txet": "; did you mean text?", "group": ""} {
		if got := Hint(name, []string{"text"}); got != want {
			t.Errorf("Hint(%q) = %q, want %q", name, got, want)
		}
	}
}
