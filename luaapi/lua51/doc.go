// Package lua51 is Lua 5.1 on the virtual machine of gopher-lua, made sound
// from outside: no fork, the upstream module as it is.
package lua51
