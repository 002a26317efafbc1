package sim_test

import (
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// TestTagsAreUnique: no two tags say the same, and chats get only tags that are there.
func TestTagsAreUnique(t *testing.T) {
	t.Parallel()
	net := virtual(t, sim.Options{Seed: 1})
	alice, _, _ := connected(t, net)
	const failed = "ErrorConstraint while attempting to perform step: "
	keep(t, net, []rule{
		{alice, `/_create tag {"text":"work","emoji":"💼"}`, "chatTags", ""},
		{alice, `/_create tag {"text":"home"}`, "chatTags", ""},
		{alice, `/_create tag {"text":"garden"}`, "chatTags", `"chatTagId":3`},
		{alice, `/_create tag {"text":"work"}`, "dBException", failed + "UNIQUE constraint failed: chat_tags.user_id, chat_tags.chat_tag_text"},
		{alice, `/_create tag {"text":"job","emoji":"💼"}`, "dBException", failed + "UNIQUE constraint failed: chat_tags.user_id, chat_tags.chat_tag_emoji"},
		{alice, `/_update tag 2 {"text":"work"}`, "dBException", failed + "UNIQUE"},
		{alice, `/_update tag 2 {"text":"home","emoji":"🏠"}`, "cmdOk", ""},
		{alice, "/_tags @4 1", "tagsUpdated", ""},
		{alice, "/_tags @4 2,99", "dBException", failed + "FOREIGN KEY constraint failed"},
		{alice, "/_info @4", "contactInfo", `"chatTags":[1]`},
	})
}
