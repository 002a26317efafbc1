// Package chat is the vocabulary that every part shares: the Core interface to
// one chat controller, the replies and events it gives, and its errors.
//
// It decodes only what the host needs to route, filter and answer; everything
// else stays raw, so a newer core's tags, fields and enum values pass through.
// It knows neither Lua nor the native library.
//
//	command string ─▶ Core.Send ─▶ ParseReply ─▶ Response | *CommandError
//	Core.Receive ─▶ ParseEvent ─▶ Event ─▶ Lane (which queue)
//	                                 └───▶ Items (the messages inside)
//
// internal/chat/coretest holds the suite that every Core passes;
// internal/chat/syntax the grammar of the command language.
package chat
