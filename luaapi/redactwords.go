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

// ourWords are the words of the messages that this program makes. One that is
// missing shows as … in a log, and as it is in a log at level debug.
const ourWords = `AND BIGINT BR Bearer Berlin CONFLICT CREATE DATABASE DELETE DO EXISTS Europe FROM FULL Friday GET Give Go HOST Host IF
INDEX INSERT INTO IPv JSON KEY Lua Make Monday Move NAME NOT NUL NULL Name ON OR PATH PEM PORT POST PRAGMA PREFIX
PRIMARY PROGRAM PUT Raise Remove Run SET Script Source TABLE To UPDATE URL UTC UTF VALUE VALUES WAL WHERE Write _G
__len __tostring __unm _address _address_settings _contacts _create _delete _forward _get _groups _members _network
_profile _reaction _read _send _set _show_address _support _update _user accepted accepts across active add address
addresses admin advance after again algorithm all allow allowed already amount an and anew another answer answered any
api app append applied approved_relays apt are arg argument arguments arithmetic array arrive as aside ask asked asks
assertion at attempt auth available away back backends bad base be bearer before begin begins behind belong belongs
below beside body boolean booleans bot both bots bound boundary broadcast bug build burst but by byte bytecode bytes
ca call called calling callstack came can cancel_file cannot capacity case cases catch_up certificate change changed
changes character characters charset chat chats check choose chunk close closed code colon come comes comma command
commands commas compare complete concat concurrency configure confirm connect connect_to connected connecting
connection connections contact contact_id contacts contains content contents control controller copy core coroutine
could count cpu_limit create_address created critical cron crypto csv cut damaged data database date db de declared
decode deep delete deleted deletes deliver delivered did different digit digits directly disconnected do does dot dots
download dropped dump duration each earlier early effect either elements emoji empty encode encoding encrypt_file end
ended ends enough entries entry env eof error escape event events ever every everything example exceeded excluded exec
exist exists expect expected expires exponent expression fail failed false feed fewer field fields file files filter
find finished five flags fn folder for forgotten form format forward free from fs fullfsync function generation get
gets gettable give given global go goes gone got group half hand handed handle handled handler handlers handles
handling hang hangs has hash have header headers held help here hex hint hmac hold host http humanize id if image in
index indexes init initdb initial insert install installed instead internal internet interval into invalid invitation
irc is isolate it item item_id items its itself join joined journal journal_mode json keep kept key keys keyword kind
known knows language large larger last later leads least leave leaves left length let letters level levels likes lime
limit line link list listen live load local log long longer looked loop lost lua machine made main make makes many map
marked marks match max max_age max_bytes max_items max_rows max_size may mean meant meanwhile member memory message
messages metamethod metatable method missing moderate moderated moderator module more most moves ms msg must name
named names near needed needs neither nest net network never new newer next nil no nobody non none nor normal not
noted nothing noticed now number numbers object obsolete of off offline often ok old older on on_command on_event
on_migrate on_raw on_start on_stop once one only open opens option options or order orders org other others out
outside over overflow own owns panic parameter parameters params parse parse_query parsed part parts pass passed
password path paths pattern pending people per perform period person pixels place plain plural point port position
postgres postgresql precision precompiled prefix preview printf process profile program protected protocol protocols
pt public put qr query question raised raises ran random range rate raw rawset re reached reaches react read readable
reader reads ready_timeout reason received recursions redirected redirects refused registry regular reload reloaded
remote remove removed repeated replace replacement replacements reply report reported reports request requests require
requires response rest restart result resulting results resume return returned returns right role roles room route
routes row rows run running runs salt same scale scan scheme script scripts seal searched second seconds secret secure
see self send send_and_wait send_batch send_binary send_chat_cmd send_file send_link sender sends sent serve server
servers service set setn sets settable settings sha share shows side signal signed sim simplex simplex_lua_store
simplex_lua_store_expires since size slash sleep slice so socket sockets something sorting source space spaces
spelling sqlite stack stand start started starts state state_version statement status stays step steps still stop
stops store stored stream string string_limit strings subscriptions such support switch synchronous table tables tag
tail take taken takes tcp tell template test testdata tests text texts than that the their them then there these they
this three through thumbnail time timeout timer timers times timestamp timestamp_header tls to together told too took
top traceback tries trigger true trusted trying ttl turn two type types unable undefined under unescape unfinished
unknown unpack unreachable unread unseal until update uri url use used user utf value values verify version video
videos voice wait wait_for waited waiting waits want wanted wants was watching way ways websocket went were what when
where which while who whole width with within without word words would writable write write_file writes written wrong
ws year yet yield you zone`
