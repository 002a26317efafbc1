package luaapi

// luaWords are the words of Lua's own messages.
const luaWords = `a an and argument arithmetic at attempt bad base be between boolean but call cannot chain
coroutine compare concatenate constant did div empty end ended enough error expected field format from function get
global got has in index initial integer internal invalid is it length limit local long loop malformed mean memory message method
missing module must name near next nil no not number object of on or out overflow pattern perform position
range raised recursion resume returned script second seconds self stack step string suspended symbol table that the thread
to too two undefined unexpected unfinished upvalue userdata value values with without wrong you zero`

// ourWords are the words of the messages that this program makes. One that is
// missing shows as … in a log, and as it is in a log at level debug.
const ourWords = `HOST JSON Lua NAME NUL PATH PREFIX PROGRAM Raise UTF VALUE _G __len __tostring __unm _delete _forward _network
_reaction _send _set _support _update accepted accepts across admin advance after again all allow allowed already
amount an and another answered api approved_relays are arg argument arguments arithmetic array as ask asked assertion
at attempt away back bad base be before begins belongs below boolean bot both boundary broadcast but by byte bytecode
bytes call called calling callstack came can cancel_file cannot capacity case cases catch_up change changed changes
chat chats check chunk code colon come comes command commands compare complete concat configure confirm connect
connect_to connected connecting contact contact_id contacts contains content contents controller copy core coroutine
could cpu_limit crypto cut damaged data database date db decode deep delete deleted deletes deliver delivered did
digits directly does dot dots download dump duration emoji empty encrypt_file ended enough entries entry env eof error
event ever every everything exceeded exec exist exists expect expected expression fail failed false field fields file
files filter find flags fn folder for format forward from function generation get gettable give given global got group
half handed handle handled handler handlers handling has have held help here hint hold host id if image in index
indexes init initial insert instead internal interval into invalid is it item item_id its itself joined json keep key
keys keyword kind large larger last least leave leaves length let letters levels limit link list listen load log long
longer looked loop lua made main many map match max_items may mean meant meanwhile member memory message messages
metamethod metatable method missing moderate moderated moderator module more moves ms msg must name names near needs
neither nest net network never new nil no nobody non none nor not nothing number object obsolete of offline ok older
on on_command on_event on_raw on_start one only open opens option options or order others out outside over overflow
own owns parameters params parsed pass passed password path paths pattern people per perform period person pixels
plain postgres precision precompiled preview protected put raised ran range raw rawset re reaches react read readable
reader ready_timeout received recursions refused registry regular remote remove removed repeated replacement reply
reported require requires rest result resulting results resume return returned returns role roles room run runs script
scripts second seconds see self send send_and_wait send_batch send_chat_cmd send_file send_link sender sends sent
servers set setn settable sim simplex slash sleep slice small so sorting source spelling sqlite stack start started
starts state statement step steps still stop stops store stored string string_limit strings such support switch table
tables tag tail takes test testdata tests text texts than that the their them there this through time timeout to too
took top traceback true ttl two type types unable undefined under unfinished unknown unpack unreachable uri use used
user value values verify video videos voice wait wait_for waited waiting want was way went were what when where which
while who whole width with within without word words would write write_file writes written wrong yet yield you`
