package luaapi

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
)

// fileFunctions are the functions of bot.api for files that the core encrypts.
func (rt *Runtime) fileFunctions() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"write_file":   rt.writeFile,
		"read_file":    rt.readFile,
		"encrypt_file": rt.encryptFile,
		"decrypt_file": rt.decryptFile,
	}
}

// argPath reads argument n as the path of a file that the script may read, or
// write, and returns it as an absolute path. Paths are relative to the bot's
// files folder.
func (rt *Runtime) argPath(L *lua.LState, n int, what string, write bool) string {
	s, ok := L.Get(n).(lua.LString)
	if !ok || s == "" {
		rt.raisef(L, ErrArgument, "%s: want the path of a file, got %s", what, describe(L.Get(n)))
	}
	if strings.IndexByte(string(s), 0) >= 0 {
		rt.raisef(L, ErrArgument, "%s: the path has a NUL", what)
	}
	path, err := rt.opts.Grants.Path(string(s), rt.session.FilesDir, write)
	if err != nil {
		rt.raise(L, fmt.Errorf("%s: %w", what, err))
	}
	return path
}

// onCore runs fn with the core and without the lock, and raises its error.
func (rt *Runtime) onCore(L *lua.LState, what string, fn func(core chat.Core) error) {
	core := rt.session.Core
	var err error
	rt.unlocked(L, func(context.Context) {
		if core == nil {
			err = &Error{Type: ErrNotStarted, Message: "the bot has no controller"}
			return
		}
		if err = fn(core); err != nil {
			err = &Error{Type: ErrCommand, Command: what, Message: what + ": " + err.Error()}
		}
	})
	if err != nil {
		rt.raise(L, err)
	}
}

// cryptoArgs reads what the core says about a file that it wrote and pushes the
// key and nonce as they stand in fileSource.cryptoArgs.
func (rt *Runtime) cryptoArgs(L *lua.LState, what string, reply []byte) int {
	var r struct {
		CryptoArgs json.RawMessage `json:"cryptoArgs"`
		WriteError string          `json:"writeError"`
	}
	err := json.Unmarshal(reply, &r)
	if err == nil && r.CryptoArgs == nil {
		err = fmt.Errorf("the file could not be written: %s", r.WriteError)
	}
	var v lua.LValue
	if err == nil {
		v, err = luaconv.Decode(r.CryptoArgs, false)
	}
	if err != nil {
		rt.raise(L, &Error{Type: ErrCommand, Command: what, Message: what + ": " + err.Error()})
	}
	L.Push(v)
	return 1
}

// argCrypto reads argument n as the cryptoArgs of a file.
func (rt *Runtime) argCrypto(L *lua.LState, n int, what string) (key, nonce string) {
	var a struct {
		Key   string `lua:"fileKey"`
		Nonce string `lua:"fileNonce"`
	}
	rt.checkOptions(L, n, what, &a)
	if a.Key == "" || a.Nonce == "" {
		rt.raisef(L, ErrArgument, "%s: want { fileKey = …, fileNonce = … }, as write_file and encrypt_file return it", what)
	}
	return a.Key, a.Nonce
}

// writeFile is bot.api.write_file(path, data) → cryptoArgs.
func (rt *Runtime) writeFile(L *lua.LState) int {
	path := rt.argPath(L, 1, "write_file", true)
	data, ok := L.Get(2).(lua.LString)
	if !ok {
		rt.raisef(L, ErrArgument, "write_file: want the data as a string, got %s", describe(L.Get(2)))
	}
	var reply []byte
	rt.onCore(L, "write_file", func(core chat.Core) (err error) {
		reply, err = core.WriteFile(path, []byte(data))
		return err
	})
	return rt.cryptoArgs(L, "write_file", reply)
}

// readFile is bot.api.read_file(path, cryptoArgs) → data.
func (rt *Runtime) readFile(L *lua.LState) int {
	path := rt.argPath(L, 1, "read_file", false)
	key, nonce := rt.argCrypto(L, 2, "read_file")
	var data []byte
	rt.onCore(L, "read_file", func(core chat.Core) (err error) {
		data, err = core.ReadFile(path, key, nonce)
		return err
	})
	L.Push(lua.LString(data))
	return 1
}

// encryptFile is bot.api.encrypt_file(from, to) → cryptoArgs.
func (rt *Runtime) encryptFile(L *lua.LState) int {
	from, to := rt.argPath(L, 1, "encrypt_file", false), rt.argPath(L, 2, "encrypt_file", true)
	var reply []byte
	rt.onCore(L, "encrypt_file", func(core chat.Core) (err error) {
		reply, err = core.EncryptFile(from, to)
		return err
	})
	return rt.cryptoArgs(L, "encrypt_file", reply)
}

// decryptFile is bot.api.decrypt_file(from, cryptoArgs, to).
func (rt *Runtime) decryptFile(L *lua.LState) int {
	from := rt.argPath(L, 1, "decrypt_file", false)
	key, nonce := rt.argCrypto(L, 2, "decrypt_file")
	to := rt.argPath(L, 3, "decrypt_file", true)
	rt.onCore(L, "decrypt_file", func(core chat.Core) error { return core.DecryptFile(from, key, nonce, to) })
	return 0
}

// corePath is a path as a command names it: in the files folder by its name
// alone where the core has that folder too, else whole.
func (rt *Runtime) corePath(path string) string {
	if core := rt.session.Core; core != nil && core.Owned() {
		if rel, err := filepath.Rel(rt.session.FilesDir, path); err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel)
		}
	}
	return path
}
