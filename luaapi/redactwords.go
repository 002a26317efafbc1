package luaapi

// luaWords are the words of Lua's own messages, and of the hints at them.
const luaWords = `a an and argument arithmetic at attempt bad base be between boolean but call cannot chain
coroutine compare concatenate constant did div empty end ended enough error expected field format from function get
global got has in index initial integer internal invalid is it length limit local long loop malformed mean memory message method
missing module must name near next nil no not number object of on or out overflow pattern perform position
range raised recursion resume returned script second seconds self stack step string suspended symbol table that the thread
to too two undefined unexpected unfinished upvalue userdata value values with without wrong you zero
Lua another before begin belongs bot called ends exec files for fs functions loads other programs read reads require runs set stop
than top unpack write writes`
