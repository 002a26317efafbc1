-- Names of the events of IRC and the fields that each has (RFC 2812). See client:on.

local check = require "check"

local M = {}

-- Numeric replies. 005 has the name of RFC 2812, though servers tell with it what they support.
M.numerics = {
  ["001"] = "RPL_WELCOME", ["002"] = "RPL_YOURHOST", ["003"] = "RPL_CREATED", ["004"] = "RPL_MYINFO", ["005"] = "RPL_BOUNCE",
  ["200"] = "RPL_TRACELINK", ["201"] = "RPL_TRACECONNECTING", ["202"] = "RPL_TRACEHANDSHAKE", ["203"] = "RPL_TRACEUNKNOWN",
  ["204"] = "RPL_TRACEOPERATOR", ["205"] = "RPL_TRACEUSER", ["206"] = "RPL_TRACESERVER", ["207"] = "RPL_TRACESERVICE", ["208"] = "RPL_TRACENEWTYPE",
  ["209"] = "RPL_TRACECLASS", ["210"] = "RPL_TRACERECONNECT", ["211"] = "RPL_STATSLINKINFO", ["212"] = "RPL_STATSCOMMANDS",
  ["219"] = "RPL_ENDOFSTATS", ["221"] = "RPL_UMODEIS", ["234"] = "RPL_SERVLIST", ["235"] = "RPL_SERVLISTEND", ["242"] = "RPL_STATSUPTIME",
  ["243"] = "RPL_STATSOLINE", ["250"] = "RPL_STATSCONN", ["251"] = "RPL_LUSERCLIENT", ["252"] = "RPL_LUSEROP", ["253"] = "RPL_LUSERUNKNOWN",
  ["254"] = "RPL_LUSERCHANNELS", ["255"] = "RPL_LUSERME", ["256"] = "RPL_ADMINME", ["257"] = "RPL_ADMINLOC1", ["258"] = "RPL_ADMINLOC2",
  ["259"] = "RPL_ADMINEMAIL", ["261"] = "RPL_TRACELOG", ["262"] = "RPL_TRACEEND", ["263"] = "RPL_TRYAGAIN", ["265"] = "RPL_LOCALUSERS",
  ["266"] = "RPL_GLOBALUSERS", ["276"] = "RPL_WHOISCERTFP", ["301"] = "RPL_AWAY", ["302"] = "RPL_USERHOST", ["303"] = "RPL_ISON",
  ["305"] = "RPL_UNAWAY", ["306"] = "RPL_NOWAWAY", ["307"] = "RPL_WHOISREGNICK", ["311"] = "RPL_WHOISUSER", ["312"] = "RPL_WHOISSERVER",
  ["313"] = "RPL_WHOISOPERATOR", ["314"] = "RPL_WHOWASUSER", ["315"] = "RPL_ENDOFWHO", ["317"] = "RPL_WHOISIDLE", ["318"] = "RPL_ENDOFWHOIS",
  ["319"] = "RPL_WHOISCHANNELS", ["321"] = "RPL_LISTSTART", ["322"] = "RPL_LIST", ["323"] = "RPL_LISTEND", ["324"] = "RPL_CHANNELMODEIS",
  ["325"] = "RPL_UNIQOPIS", ["329"] = "RPL_CREATIONTIME", ["330"] = "RPL_WHOISACCOUNT", ["331"] = "RPL_NOTOPIC", ["332"] = "RPL_TOPIC",
  ["333"] = "RPL_TOPICWHOTIME", ["338"] = "RPL_WHOISACTUALLY", ["341"] = "RPL_INVITING", ["342"] = "RPL_SUMMONING", ["346"] = "RPL_INVITELIST",
  ["347"] = "RPL_ENDOFINVITELIST", ["348"] = "RPL_EXCEPTLIST", ["349"] = "RPL_ENDOFEXCEPTLIST", ["351"] = "RPL_VERSION", ["352"] = "RPL_WHOREPLY",
  ["353"] = "RPL_NAMREPLY", ["364"] = "RPL_LINKS", ["365"] = "RPL_ENDOFLINKS", ["366"] = "RPL_ENDOFNAMES", ["367"] = "RPL_BANLIST",
  ["368"] = "RPL_ENDOFBANLIST", ["369"] = "RPL_ENDOFWHOWAS", ["371"] = "RPL_INFO", ["372"] = "RPL_MOTD", ["374"] = "RPL_ENDOFINFO",
  ["375"] = "RPL_MOTDSTART", ["376"] = "RPL_ENDOFMOTD", ["378"] = "RPL_WHOISHOST", ["379"] = "RPL_WHOISMODES", ["381"] = "RPL_YOUREOPER",
  ["382"] = "RPL_REHASHING", ["383"] = "RPL_YOURESERVICE", ["391"] = "RPL_TIME", ["392"] = "RPL_USERSSTART", ["393"] = "RPL_USERS",
  ["394"] = "RPL_ENDOFUSERS", ["395"] = "RPL_NOUSERS", ["396"] = "RPL_VISIBLEHOST", ["400"] = "ERR_UNKNOWNERROR", ["401"] = "ERR_NOSUCHNICK",
  ["402"] = "ERR_NOSUCHSERVER", ["403"] = "ERR_NOSUCHCHANNEL", ["404"] = "ERR_CANNOTSENDTOCHAN", ["405"] = "ERR_TOOMANYCHANNELS",
  ["406"] = "ERR_WASNOSUCHNICK", ["407"] = "ERR_TOOMANYTARGETS", ["408"] = "ERR_NOSUCHSERVICE", ["409"] = "ERR_NOORIGIN",
  ["410"] = "ERR_INVALIDCAPCMD", ["411"] = "ERR_NORECIPIENT", ["412"] = "ERR_NOTEXTTOSEND", ["413"] = "ERR_NOTOPLEVEL",
  ["414"] = "ERR_WILDTOPLEVEL", ["415"] = "ERR_BADMASK", ["417"] = "ERR_INPUTTOOLONG", ["421"] = "ERR_UNKNOWNCOMMAND", ["422"] = "ERR_NOMOTD",
  ["423"] = "ERR_NOADMININFO", ["424"] = "ERR_FILEERROR", ["431"] = "ERR_NONICKNAMEGIVEN", ["432"] = "ERR_ERRONEUSNICKNAME",
  ["433"] = "ERR_NICKNAMEINUSE", ["436"] = "ERR_NICKCOLLISION", ["437"] = "ERR_UNAVAILRESOURCE", ["441"] = "ERR_USERNOTINCHANNEL",
  ["442"] = "ERR_NOTONCHANNEL", ["443"] = "ERR_USERONCHANNEL", ["444"] = "ERR_NOLOGIN", ["445"] = "ERR_SUMMONDISABLED",
  ["446"] = "ERR_USERSDISABLED", ["451"] = "ERR_NOTREGISTERED", ["461"] = "ERR_NEEDMOREPARAMS", ["462"] = "ERR_ALREADYREGISTRED",
  ["463"] = "ERR_NOPERMFORHOST", ["464"] = "ERR_PASSWDMISMATCH", ["465"] = "ERR_YOUREBANNEDCREEP", ["466"] = "ERR_YOUWILLBEBANNED",
  ["467"] = "ERR_KEYSET", ["471"] = "ERR_CHANNELISFULL", ["472"] = "ERR_UNKNOWNMODE", ["473"] = "ERR_INVITEONLYCHAN",
  ["474"] = "ERR_BANNEDFROMCHAN", ["475"] = "ERR_BADCHANNELKEY", ["476"] = "ERR_BADCHANMASK", ["477"] = "ERR_NOCHANMODES",
  ["478"] = "ERR_BANLISTFULL", ["481"] = "ERR_NOPRIVILEGES", ["482"] = "ERR_CHANOPRIVSNEEDED", ["483"] = "ERR_CANTKILLSERVER",
  ["484"] = "ERR_RESTRICTED", ["485"] = "ERR_UNIQOPPRIVSNEEDED", ["491"] = "ERR_NOOPERHOST", ["501"] = "ERR_UMODEUNKNOWNFLAG",
  ["502"] = "ERR_USERSDONTMATCH", ["671"] = "RPL_WHOISSECURE", ["900"] = "RPL_LOGGEDIN", ["901"] = "RPL_LOGGEDOUT", ["902"] = "ERR_NICKLOCKED",
  ["903"] = "RPL_SASLSUCCESS", ["904"] = "ERR_SASLFAIL", ["905"] = "ERR_SASLTOOLONG", ["906"] = "ERR_SASLABORTED", ["907"] = "ERR_SASLALREADY",
  ["908"] = "RPL_SASLMECHS",
}

local numbers = {}
for number, name in pairs(M.numerics) do
  numbers[name] = number
end
numbers.RPL_ISUPPORT = "005"

-- Returns the name that an event goes by: "privmsg" is PRIVMSG, "376" RPL_ENDOFMOTD.
function M.canonical(event)
  event = event:upper()
  if event == "MODE" then
    check.fail("argument", "irc: the event MODE comes as USERMODE or CHANNELMODE")
  end
  return M.numerics[numbers[event] or event] or event
end

function M.number(name)
  return numbers[name:upper()]
end

-- What the parameters are called, in their order: "_" for none, # after a name for a number, * for the rest of them
-- as a list. "message" is the last one, "" where there are too few.
local fields = {
  PING = "message", PONG = "server message", ERROR = "message", PRIVMSG = "target message", NOTICE = "target message",
  JOIN = "channel", PART = "channel message", QUIT = "message", NICK = "new_nick", INVITE = "target channel",
  TOPIC = "channel message", KICK = "channel target message", KILL = "target message", AWAY = "message", WALLOPS = "message",
  SQUIT = "server message", CHANNELMODE = "channel modes params*",
  RPL_LUSEROP = "target count# message", RPL_LUSERUNKNOWN = "target count# message", RPL_LUSERCHANNELS = "target count# message",
  RPL_TOPIC = "target channel message", RPL_NOTOPIC = "target channel message", RPL_ENDOFNAMES = "target channel message",
  RPL_TOPICWHOTIME = "target channel setter time#", RPL_CREATIONTIME = "target channel time#",
  RPL_CHANNELMODEIS = "target channel modes params*", RPL_UNIQOPIS = "target channel nick", RPL_UMODEIS = "target modes",
  RPL_INVITING = "target nick channel", RPL_AWAY = "target nick message", RPL_VERSION = "target version server message",
  RPL_INVITELIST = "target channel mask", RPL_EXCEPTLIST = "target channel mask", RPL_BANLIST = "target channel mask",
  RPL_ENDOFINVITELIST = "target channel message", RPL_ENDOFEXCEPTLIST = "target channel message", RPL_ENDOFBANLIST = "target channel message",
  RPL_WHOISUSER = "target nick user host _ message", RPL_WHOWASUSER = "target nick user host _ message",
  RPL_WHOISSERVER = "target nick server message", RPL_WHOISOPERATOR = "target nick message", RPL_WHOISIDLE = "target nick idle# _ message",
  RPL_WHOISCHANNELS = "target nick message", RPL_WHOISACCOUNT = "target nick account message",
  RPL_ENDOFWHOIS = "target nick message", RPL_ENDOFWHOWAS = "target nick message", RPL_ENDOFWHO = "target name message",
  RPL_LIST = "target channel count# message", RPL_LINKS = "target mask server message", RPL_TIME = "target server message",
  RPL_LOGGEDIN = "target mask account message", RPL_SASLMECHS = "target mechanisms message",
  ERR_NOSUCHNICK = "target nick message", ERR_WASNOSUCHNICK = "target nick message", ERR_NOSUCHSERVER = "target server message",
  ERR_NOSUCHCHANNEL = "target channel message", ERR_CANNOTSENDTOCHAN = "target channel message", ERR_TOOMANYCHANNELS = "target channel message",
  ERR_UNKNOWNCOMMAND = "target command message", ERR_NEEDMOREPARAMS = "target command message",
  ERR_ERRONEUSNICKNAME = "target nick message", ERR_NICKNAMEINUSE = "target nick message", ERR_NICKCOLLISION = "target nick message",
  ERR_UNAVAILRESOURCE = "target name message", ERR_USERNOTINCHANNEL = "target nick channel message", ERR_NOTONCHANNEL = "target channel message",
  ERR_USERONCHANNEL = "target nick channel message", ERR_KEYSET = "target channel message", ERR_CHANNELISFULL = "target channel message",
  ERR_UNKNOWNMODE = "target mode message", ERR_INVITEONLYCHAN = "target channel message", ERR_BANNEDFROMCHAN = "target channel message",
  ERR_BADCHANNELKEY = "target channel message", ERR_BADCHANMASK = "target channel message", ERR_NOCHANMODES = "target channel message",
  ERR_CHANOPRIVSNEEDED = "target channel message",
}

local function apply(event, spec, params)
  local index = 0
  for name, kind in spec:gmatch "([%w_]+)([#*]?)" do
    index = index + 1
    if name == "message" then
      event.message = #params >= index and params[#params] or ""
    elseif kind == "#" then
      event[name] = tonumber(params[index])
    elseif kind == "*" then
      event[name] = { unpack(params, index) }
    elseif name ~= "_" then
      event[name] = params[index]
    end
  end
end

local function words(text)
  local list = {}
  for word in (text or ""):gmatch "%S+" do
    list[#list + 1] = word
  end
  return list
end

-- What a pattern of names does not say.
local special = {
  RPL_NAMREPLY = function(event, params)
    event.target = params[1]
    event.channel_type = #params > 3 and params[2] or nil
    event.channel, event.users = params[#params - 1], words(params[#params])
  end,
  RPL_WHOREPLY = function(event, params)
    apply(event, "target channel user host server nick hg_code message", params)
    local hops, name = event.message:match "^(%d+) ?(.*)$"
    event.hopcount, event.real_name = tonumber(hops), name or event.message
  end,
  USERMODE = function(event, params)
    event.nick, event.modes = params[1], params[2]
  end,
}
special.RPL_MYINFO = function(event, params)
  event.target, event.message = params[1], params[#params]
  event.info = { unpack(params, 2, math.max(#params - 1, 1)) }
end
special.RPL_BOUNCE = special.RPL_MYINFO

-- Names that we give: no command of a server's is one.
local ours = { CTCP = true, CTCPREPLY = true, USERMODE = true, CHANNELMODE = true }
-- How many parameters these have at least.
local least = { PRIVMSG = 2, NOTICE = 2, JOIN = 1, PART = 1, NICK = 1, INVITE = 2, TOPIC = 1, KICK = 2, MODE = 2, PING = 1 }

-- Makes the event of a message: its name, the named fields and who sent it; nil where parameters are missing.
function M.of(message)
  local params, name = message.params, M.numerics[message.command] or message.command
  if #params < (least[name] or 0) or ours[name] then
    return nil
  end
  if name == "MODE" then
    name = (params[1] or ""):find "^[#&!+]" and "CHANNELMODE" or "USERMODE"
  end
  local event = {
    event = name, number = message.command:match "^%d+$", raw = message, tags = message.tags,
    nick = message.nick, user = message.user, host = message.host,
  }
  local body = (name == "PRIVMSG" or name == "NOTICE") and (params[#params] or ""):match "^\1([^%z\1]+)\1?$"
  if body then
    apply(event, "target message", params)
    event.event = name == "PRIVMSG" and "CTCP" or "CTCPREPLY"
    event.ctcp, event.message = body:match "^(%S*) ?(.*)$"
    event.ctcp = event.ctcp:upper()
  elseif special[name] then
    special[name](event, params)
  else
    apply(event, fields[name] or message.command:find "^%d" and "target message" or "message", params)
  end
  return event
end

return M
