-- The commands of RFC 2812 for serializers: each line a pattern; the command is its first word, but where it is given.

local patterns = [[
ADMIN
ADMIN {target}
AWAY
AWAY :{message}
CAP {subcommand}
CAP {subcommand} :{message}
CHANNELMODE = MODE {channel}
CHANNELMODE = MODE {channel} {modes}
CHANNELMODE = MODE {channel} {params:space}
CHANNELMODE = MODE {channel} {modes} {params:space}
CONNECT {target} {port}
CONNECT {target} {port} {remote}
CTCP = PRIVMSG {target} :]] .. "\1{ctcp}\1" .. [[

CTCP = PRIVMSG {target} :]] .. "\1{ctcp} {message}\1" .. [[

CTCPREPLY = NOTICE {target} :]] .. "\1{ctcp} {message}\1" .. [[

DIE
INFO
INFO {target}
INVITE {nick} {channel}
ISON {nick:space}
JOIN {channel:comma}
JOIN {channel:comma} {key:comma}
KICK {channel:comma} {nick:comma}
KICK {channel:comma} {nick:comma} :{message}
KILL {nick} :{message}
LINKS
LINKS {mask}
LINKS {remote} {mask}
LIST
LIST {channel:comma}
LIST {channel:comma} {target}
LUSERS
LUSERS {mask}
LUSERS {mask} {target}
MOTD
MOTD {target}
NAMES
NAMES {channel:comma}
NAMES {channel:comma} {target}
NICK {nick}
NOTICE {target} :{message}
OPER {nick} {password}
OPER {user} {password}
PART {channel:comma}
PART {channel:comma} :{message}
PASS {password}
PING {message:nospace}
PING {message:nospace} {target}
PONG
PONG :{message}
PRIVMSG {target} :{message}
QUIT
QUIT :{message}
REHASH
RESTART
SERVICE {nick} * {distribution} {type} 0 :{info}
SERVLIST
SERVLIST {mask}
SERVLIST {mask} {type}
SQUERY {target} :{message}
SQUIT {server}
SQUIT {server} :{message}
STATS
STATS {query}
STATS {query} {target}
SUMMON {nick}
SUMMON {nick} {target}
SUMMON {nick} {target} {channel}
TIME
TIME {target}
TOPIC {channel}
TOPIC {channel} :{message}
TRACE
TRACE {target}
USER {nick} 0 * :{realname}
USER {nick} {mode} * :{realname}
USER {user} 0 * :{realname}
USER {user} {mode} * :{realname}
USERHOST {nick:space}
USERMODE = MODE {nick}
USERMODE = MODE {nick} {modes}
USERS
USERS {target}
VERSION
VERSION {target}
WALLOPS :{message}
WHO
WHO {mask}
WHO {mask} {o:bool}
WHOIS {mask:comma}
WHOIS {target} {mask:comma}
WHOWAS {nick:comma}
WHOWAS {nick:comma} {count}
WHOWAS {nick:comma} {count} {target}
]]

return function(serializer)
  for line in patterns:gmatch "[^\n]+" do
    local command, pattern = line:match "^(%u+) = (.+)$"
    serializer:register(command or line:match "^%u+", pattern or line)
  end
  return serializer
end
