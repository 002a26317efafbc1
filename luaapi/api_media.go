package luaapi

import (
	"context"
	"fmt"
	"os"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/chat/api"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
)

// mediaOptions are the options of the functions that send files.
type mediaOptions struct {
	// Caption is the text with the file.
	Caption string `lua:"caption"`
	// Quote is a message, or the id of an item, that this one replies to.
	Quote quoted `lua:"quote"`
	// TTL makes the message disappear after so many seconds.
	TTL *int64 `lua:"ttl"`
	// Duration of a video or voice message in seconds.
	Duration int64 `lua:"duration"`
	// Preview is an image to show in place of a video.
	Preview string `lua:"preview"`
	// Crypto are the cryptoArgs of a file that is stored encrypted.
	Crypto jsonObject `lua:"crypto"`
}

// quoted is an item, given as its id or by a message.
type quoted struct {
	id      int64
	message *message
}

func (q *quoted) decodeLua(v lua.LValue) error {
	if ud, ok := v.(*lua.LUserData); ok {
		if q.message, ok = ud.Value.(*message); ok {
			return nil
		}
	}
	n, ok := v.(lua.LNumber)
	if !ok || n < 1 || n != lua.LNumber(int64(n)) {
		return fmt.Errorf("want a message or its item_id, got %s", describe(v))
	}
	q.id = int64(n)
	return nil
}

// itemID is the id of the item, 0 for none.
func (q *quoted) itemID(rt *Runtime, L *lua.LState) int64 {
	if q.message != nil {
		rt.loadSent(L, q.message)
		return q.message.item.ID
	}
	return q.id
}

// mediaFunctions are the functions of bot that send files.
func (rt *Runtime) mediaFunctions() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"send_file":  func(L *lua.LState) int { return rt.sendMedia(L, "file") },
		"send_image": func(L *lua.LState) int { return rt.sendMedia(L, "image") },
		"send_video": func(L *lua.LState) int { return rt.sendMedia(L, "video") },
		"send_voice": func(L *lua.LState) int { return rt.sendMedia(L, "voice") },
		"send_link":  rt.sendLink,
	}
}

// sendMedia is bot.send_image(chat, path[, options]) → message, and the like.
func (rt *Runtime) sendMedia(L *lua.LState, kind string) int {
	what := "send_" + kind
	to, err := rt.chatRef(L, L.Get(1))
	if err != nil {
		rt.raisef(L, ErrArgument, "%s: %v", what, err)
	}
	path := rt.argPath(L, 2, what, false)
	var o mediaOptions
	rt.checkOptions(L, 3, what, &o)
	if o.Duration < 0 || o.Duration != 0 && kind != "video" && kind != "voice" {
		rt.raisef(L, ErrArgument, "%s.duration: only video and voice messages last, from 0 seconds", what)
	}
	if o.Preview != "" && kind != "video" {
		rt.raisef(L, ErrArgument, "%s.preview: only videos have one; that of an image is made from it", what)
	}
	if st, err := os.Stat(path); err != nil || !st.Mode().IsRegular() {
		rt.raisef(L, ErrArgument, "%s: %s is no file", what, L.Get(2))
	}
	content := api.Params{"type": kind, "text": o.Caption}
	switch kind {
	case "image":
		content["image"] = rt.preview(L, what, path, o.Caption)
	case "video":
		content["image"], content["duration"] = blankPreview, o.Duration
		if o.Preview != "" {
			image, err := rt.opts.Grants.Path(o.Preview, rt.session.FilesDir, false)
			if err != nil {
				rt.raise(L, fmt.Errorf("%s.preview: %w", what, err))
			}
			content["image"] = rt.preview(L, what, image, o.Caption)
		}
	case "voice":
		content["duration"] = o.Duration
	}
	source := api.Params{"filePath": rt.corePath(path)}
	if o.Crypto != nil {
		args, err := decodeGo(o.Crypto)
		if err != nil {
			rt.raisef(L, ErrArgument, "%s.crypto: %v", what, err)
		}
		source["cryptoArgs"] = args
	}
	return rt.sendComposed(L, what, to, api.Params{"fileSource": source, "msgContent": content}, o)
}

// preview makes the small image inside a message, without the lock.
func (rt *Runtime) preview(L *lua.LState, what, path, caption string) string {
	text, _ := luaconv.AppendString(nil, caption)
	var data string
	var err error
	rt.unlocked(L, func(context.Context) { data, err = previewOf(path, previewBudget(len(text))) })
	if err != nil {
		rt.raisef(L, ErrArgument, "%s: %v", what, err)
	}
	return data
}

// linkOptions are the fields of a link preview.
type linkOptions struct {
	URI         string `lua:"uri"`
	Title       string `lua:"title"`
	Description string `lua:"description"`
	// Image is a file to show.
	Image string `lua:"image"`
	Quote quoted `lua:"quote"`
	TTL   *int64 `lua:"ttl"`
}

// sendLink is bot.send_link(chat, text, {uri, title, description, image}) → message.
func (rt *Runtime) sendLink(L *lua.LState) int {
	to, err := rt.chatRef(L, L.Get(1))
	if err != nil {
		rt.raisef(L, ErrArgument, "send_link: %v", err)
	}
	text, ok := L.Get(2).(lua.LString)
	if !ok {
		rt.raisef(L, ErrArgument, "send_link: want the text as a string, got %s", describe(L.Get(2)))
	}
	var o linkOptions
	rt.checkOptions(L, 3, "send_link", &o)
	if o.URI == "" {
		rt.raisef(L, ErrArgument, "send_link.uri: is missing")
	}
	image := blankPreview
	if o.Image != "" {
		path, err := rt.opts.Grants.Path(o.Image, rt.session.FilesDir, false)
		if err != nil {
			rt.raise(L, fmt.Errorf("send_link.image: %w", err))
		}
		image = rt.preview(L, "send_link", path, string(text)+o.Title+o.Description+o.URI)
	}
	content := api.Params{"type": "link", "text": string(text), "preview": api.Params{
		"uri": o.URI, "title": o.Title, "description": o.Description, "image": image,
	}}
	return rt.sendComposed(L, "send_link", to, api.Params{"msgContent": content}, mediaOptions{Quote: o.Quote, TTL: o.TTL})
}

// sendComposed sends one message made here and pushes the stored one.
func (rt *Runtime) sendComposed(L *lua.LState, what string, to chat.Ref, composed api.Params, o mediaOptions) int {
	composed["mentions"] = api.Empty{}
	if id := o.Quote.itemID(rt, L); id != 0 {
		composed["quotedItemId"] = id
	}
	params := api.Params{"sendRef": api.Ref(to), "composedMessages": []any{composed}}
	if o.TTL != nil {
		params["ttl"] = *o.TTL
	}
	cmd, err := rt.facts().Encode("APISendMessages", params)
	if err != nil {
		rt.raisef(L, ErrArgument, "%s: %v", what, err)
	}
	rt.checkCommand(L, cmd)
	resp, err := rt.post(L, cmd, rt.frozen.Load().ReadyTimeout)
	if err != nil {
		rt.raise(L, err)
	}
	L.Push(rt.messageValue(&message{sent: &resp, own: true}))
	return 1
}
