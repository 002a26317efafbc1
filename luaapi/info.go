package luaapi

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"
	luar "layeh.com/gopher-luar"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// Info is bot.info: a copy, made each time it is read.
type Info struct {
	Name        string `luar:"name"`
	Generation  int    `luar:"generation"`
	Started     string `luar:"started"` // RFC 3339, when the process began
	UserID      int64  `luar:"user_id"`
	Address     string `luar:"address"`
	CoreVersion string `luar:"core_version"`
	// Busy is how many handlers and tasks are under way, Waiting how many wait in ask.
	Busy    int `luar:"busy"`
	Waiting int `luar:"waiting"`
}

// ConfigInfo is bot.config: the effective settings, durations in seconds.
// Keys and connection strings are not in it.
type ConfigInfo struct {
	DisplayName       string  `luar:"display_name"`
	FullName          string  `luar:"full_name"`
	ShortDescr        string  `luar:"short_descr"`
	ConfirmMigrations string  `luar:"confirm_migrations"`
	CreateAddress     bool    `luar:"create_address"`
	UpdateAddress     bool    `luar:"update_address"`
	UpdateProfile     bool    `luar:"update_profile"`
	AutoAccept        bool    `luar:"auto_accept"`
	BusinessAddress   bool    `luar:"business_address"`
	AllowFiles        bool    `luar:"allow_files"`
	UseBotProfile     bool    `luar:"use_bot_profile"`
	LogContacts       bool    `luar:"log_contacts"`
	LogNetwork        bool    `luar:"log_network"`
	CPULimit          float64 `luar:"cpu_limit"`
	HandlerTimeout    float64 `luar:"handler_timeout"`
	DrainTimeout      float64 `luar:"drain_timeout"`
	ReadyTimeout      float64 `luar:"ready_timeout"`
	SendRate          float64 `luar:"send_rate"` // 0: replies are not paced
	Ordering          string  `luar:"ordering"`
	Dispatch          string  `luar:"dispatch"`
	StateVersion      int     `luar:"state_version"`
	// CatchUp is what the script asked for; the operator may have set other limits.
	CatchUp CatchUpInfo `luar:"catch_up"`
}

// CatchUpInfo is bot.config.catch_up.
type CatchUpInfo struct {
	FirstRun bool    `luar:"first_run"`
	MaxItems int     `luar:"max_items"`
	MaxAge   float64 `luar:"max_age"`
}

func (rt *Runtime) infoValue(L *lua.LState) lua.LValue {
	rt.calls.mu.Lock()
	waiting := rt.calls.asking
	busy := len(rt.calls.all) - waiting
	rt.calls.mu.Unlock()
	started := ""
	if !rt.session.Started.IsZero() {
		started = rt.session.Started.UTC().Format(time.RFC3339)
	}
	return rt.copyValue(L, "bot.info", Info{
		Name: rt.opts.Name, Generation: rt.opts.Generation, Started: started,
		UserID: rt.session.UserID, Address: rt.session.Address, CoreVersion: rt.session.CoreVersion,
		Busy: busy, Waiting: waiting,
	})
}

func (rt *Runtime) configValue(L *lua.LState) lua.LValue {
	s := rt.settings
	rt.strict(L, "bot.config.catch_up", CatchUpInfo{})
	return rt.copyValue(L, "bot.config", ConfigInfo{
		DisplayName: s.Profile.DisplayName, FullName: s.Profile.FullName, ShortDescr: s.Profile.ShortDescr,
		ConfirmMigrations: s.ConfirmMigrations,
		CreateAddress:     s.CreateAddress, UpdateAddress: s.UpdateAddress, UpdateProfile: s.UpdateProfile,
		AutoAccept: s.AutoAccept, BusinessAddress: s.BusinessAddress, AllowFiles: s.AllowFiles,
		UseBotProfile: s.UseBotProfile, LogContacts: s.LogContacts, LogNetwork: s.LogNetwork,
		CPULimit: s.CPULimit.Seconds(), HandlerTimeout: s.HandlerTimeout.Seconds(),
		DrainTimeout: s.DrainTimeout.Seconds(), ReadyTimeout: s.ReadyTimeout.Seconds(),
		SendRate: float64(s.SendRate), Ordering: s.Ordering, Dispatch: s.Dispatch, StateVersion: s.StateVersion,
		CatchUp: CatchUpInfo{s.CatchUp.FirstRun, s.CatchUp.MaxItems, s.CatchUp.MaxAge.Seconds()},
	})
}

// copyValue bridges a small struct with gopher-luar. It is passed by value, so
// a script cannot reach the host through it; an attempt to set a field or to
// read one that it has not is an error.
func (rt *Runtime) copyValue(L *lua.LState, name string, v any) lua.LValue {
	rt.strict(L, name, v)
	return luar.New(L, v)
}

// strict makes those attempts an error for all values of v's type.
func (rt *Runtime) strict(L *lua.LState, name string, v any) {
	mt := luar.MT(L, v).LTable
	if table.Field(mt, "simplex") == lua.LNil {
		mt.RawSetString("simplex", lua.LTrue)
		index := table.Field(mt, "__index").(*lua.LFunction)
		var known []string
		table.Each(table.Field(mt, "fields").(*lua.LTable), func(k, _ lua.LValue) { known = append(known, k.String()) })
		mt.RawSetString("__index", L.NewFunction(func(L *lua.LState) int {
			key := L.Get(2).String()
			if table.Field(table.Field(mt, "fields").(*lua.LTable), key) == lua.LNil {
				rt.raisef(L, ErrArgument, "%s has no %q%s", name, key, nearest.Hint(key, known))
			}
			L.Push(index)
			L.Push(L.Get(1))
			L.Push(L.Get(2))
			L.Call(2, 1)
			return 1
		}))
		mt.RawSetString("__newindex", L.NewFunction(func(L *lua.LState) int {
			rt.raisef(L, ErrArgument, "%s is a copy and cannot be changed", name)
			return 0
		}))
		mt.RawSetString("__tostring", L.NewFunction(func(L *lua.LState) int {
			L.Push(lua.LString(name + shownStruct(L.CheckUserData(1).Value)))
			return 1
		}))
		mt.RawSetString("__metatable", lua.LString(name))
	}
}

// shownStruct writes a struct as a script sees it.
func shownStruct(v any) string {
	s := reflect.ValueOf(v)
	parts := make([]string, s.NumField())
	for i := range parts {
		name, field := s.Type().Field(i).Tag.Get("luar"), s.Field(i)
		switch field.Kind() {
		case reflect.Struct:
			parts[i] = name + " =" + shownStruct(field.Interface())
		case reflect.String:
			parts[i] = fmt.Sprintf("%s = %q", name, field.String())
		default:
			parts[i] = fmt.Sprintf("%s = %v", name, field.Interface())
		}
	}
	return " { " + strings.Join(parts, ", ") + " }"
}
