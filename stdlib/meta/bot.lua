---@meta
-- Types of what simplex-lua gives to scripts, for lua-language-server.

---A chat: `msg.chat`, or a reference as text: "@4" (contact), "#2" (group), "#2(_support:5)".
---@class Chat
---@field type "direct"|"group"|"local"
---@field id integer
---@field ref string
---@field name? string the name in the profile
---@field local_name? string the database's own, unique name
---@field created_at? string ids are reused after deletions; id and created_at together are not
---@field scope? { member_id?: integer } set in the support chat of a group

---@class Sender
---@field name string the name in the profile; names can be copied, so never decide rights by them
---@field local_name string the database's own, unique name
---@field created_at? string
---@field contact_id? integer in direct chats
---@field member_id? integer in groups
---@field role? "relay"|"observer"|"author"|"member"|"moderator"|"admin"|"owner"

---A message. Its methods wait for the core; other handlers go on meanwhile.
---@class Message
---@field text string
---@field content table the message content as on the wire
---@field content_type "text"|"link"|"image"|"video"|"voice"|"file"|"report"|"chat"|string
---@field chat_type "direct"|"group"|"local"
---@field chat Chat
---@field scope? { member_id?: integer }
---@field contact_id? integer
---@field group_id? integer
---@field member_id? integer
---@field sender? Sender nil for posts of a channel and for own messages
---@field as_group boolean
---@field item_id integer
---@field sent_at? string
---@field quoted? table
---@field mentions table
---@field file? table
---@field redelivered boolean true where it was found unread when the bot started: a handler may have seen it before
---@field attempt integer which try this is, from 1; after three that the process did not survive it is set aside
---@field parts? Message[] all messages that a long text was sent in; only on messages that were just sent
---@field chat_item table the whole item as on the wire
---@field chat_info table
local Message = {}

---@class SendOptions
---@field quote? boolean whether a reply quotes the message (default true)
---@field ttl? integer seconds until it disappears
---@field mentions? table<string, integer> names in the text to member ids

---Answers in the same chat and returns the stored message; of a text that is too long for one message, the last one:
---`parts` has them all. Raises where the core does not store it; the error's `parts` were sent before. Waits.
---@param content string|number|table
---@param options? SendOptions
---@return Message
function Message:reply(content, options) end

---The same as reply, for contents.
---@param content table
---@param options? SendOptions
---@return Message
function Message:reply_content(content, options) end

---Adds a reaction. Waits.
---@param emoji string
function Message:react(emoji) end

---Takes a reaction back. Waits.
---@param emoji string
function Message:unreact(emoji) end

---Changes an own message, which has no mentions after that. Waits.
---@param content string|table
function Message:edit(content) end

---Deletes an own message for everyone, another one only here. Waits.
function Message:delete() end

---Removes a member's message for the whole group; the bot must be a moderator there. Waits.
function Message:moderate() end

---Forwards the message. Waits.
---@param to Chat|Message|string
function Message:forward(to) end

---@class AskOptions
---@field timeout? number|string seconds or "5m" (default 15 minutes)
---@field filter? Filter which messages count as the answer (not by args or fallback)
---@field commands? boolean whether a registered command may be the answer

---Sends a text and waits for the next message of the same person in the same chat.
---Other messages of the chat go to their handlers meanwhile.
---@param text? string|table nil only waits
---@param options? AskOptions
---@return Message? answer nil at the time-out
function Message:ask(text, options) end

---Waits until a message that the bot sent is on the servers ("sent"), or with the person, in groups with all
---("received", which people can switch off). Raises an error of the type "delivery" where it cannot be delivered.
---Other messages of the chat go to their handlers meanwhile.
---@param state "sent"|"received"
---@param timeout? number|string seconds or "5m" (default 15 minutes)
---@return true? reached nil at the time-out
function Message:wait(state, timeout) end

---@class StreamOptions
---@field interval? number|string the time between two edits at least (default 1 s)
---@field quote? boolean whether it quotes the message (default true)
---@field ttl? integer seconds until it disappears

---A live message: its readers see it grow.
---@class Stream
---@field text string what it is to say
local Stream = {}

---Sets the text. The message shows it at once, or when the interval is over. Waits where it is sent at once.
---@param text string|number
function Stream:write(text) end

---Adds to the text, as write.
---@param text string|number
function Stream:append(text) end

---Finishes the message, with a last text if one is given; what is too long for one message follows in others. Waits.
---@param text? string|number
---@return Message? message the last one, as from reply; nil where there was no text
function Stream:close(text) end

---Deletes the message for everyone. Waits.
function Stream:cancel() end

---Begins a live message that answers this one. It is sent with its first text, and finished by close or by the end of the handler.
---@param text? string|number
---@param options? StreamOptions
---@return Stream
function Message:stream(text, options) end

---@class Command
---@field keyword string in lower case
---@field args string what follows the keyword
---@field argv string[] args split at spaces; "two words" in double quotes are one

---@alias ContentType "text"|"link"|"image"|"video"|"voice"|"file"|"report"|"chat"|string
---@alias MessageChatType "direct"|"group"|"local"
---@alias MemberRole "relay"|"observer"|"author"|"member"|"moderator"|"admin"|"owner"

---Keys must all match; of a list, one value must.
---@class Filter
---@field content_type? ContentType|ContentType[]
---@field text? string|userdata|(string|userdata)[] the whole text, or bot.re"…"
---@field pattern? string|string[] Lua patterns, found anywhere in the text
---@field args? string|userdata|(string|userdata)[] of a command
---@field chat_type? MessageChatType|MessageChatType[]
---@field from_role? MemberRole|MemberRole[]
---@field min_role? MemberRole
---@field from_contact_id? integer|integer[]
---@field from_member_id? integer|integer[]
---@field group_id? integer|integer[]
---@field scope? "main"|"support"
---@field when? fun(msg: Message): boolean
---@field fallback? boolean only where no other handler matched
---@field history? boolean also messages written before the bot joined
---@field commands? boolean also registered commands

---@class Handle
---@field remove fun(self: Handle)

---An error raised by simplex-lua. tostring(err) gives "file.lua:12: message".
---@class Error
---@field type "argument"|"chat_error"|"command_error"|"contact_already_exists"|"delivery"|"permission"|"timeout"|"limit"|"not_started"|"poison"|"critical"|"closed"|"io"|"data"|"script"
---@field message string
---@field where? string
---@field command? string
---@field chat_error? table what the core answered
---@field response? table the whole answer, where it was none that the method counts as success
---@field parts? Message[] what was sent of a long text or a batch
---@field index? integer of a batch: the first message that was refused
---@field refused? integer[] of a batch: all of them
---@field status? table of the type "delivery": the item's status on the wire
---@field handler? string in on_error
---@field traceback? string in on_error

---@class MenuEntry
---@field keyword? string
---@field label string
---@field params? string
---@field commands? MenuEntry[] makes it a submenu

---@class Configuration
---@field profile? { display_name?: string, full_name?: string, short_descr?: string, image?: string }
---@field db? { sqlite?: { file_prefix?: string, encryption_key?: string }, postgres?: { connection_string?: string, schema_prefix?: string } }
---@field welcome? string|table
---@field commands? MenuEntry[]
---@field confirm_migrations? "yesUp"|"yesUpDown"|"error"|"console"
---@field create_address? boolean
---@field update_address? boolean
---@field update_profile? boolean
---@field auto_accept? boolean
---@field business_address? boolean
---@field allow_files? boolean
---@field use_bot_profile? boolean
---@field log_contacts? boolean
---@field log_network? boolean
---@field cpu_limit? number|string
---@field handler_timeout? number|string
---@field drain_timeout? number|string
---@field ready_timeout? number|string
---@field send_rate? number messages per second at most, replies and broadcasts
---@field ordering? "chat"|"global"
---@field dispatch? "command"|"all"|"first"
---@field state_version? integer the form of bot.state (default 1); see bot.on_migrate
---@field catch_up? { first_run?: boolean, max_items?: integer, max_age?: number|string } which unread messages are handled at the start

bot = {}

---Returned by a handler it ends the chain.
---@type userdata
bot.STOP = nil

---Plain data that moves along to the next version of the script.
---@type any
bot.state = nil

---@type { name: string, generation: integer, started: string, user_id: integer, address: string, core_version: string, busy: integer, waiting: integer }
bot.info = nil

---The effective settings: a copy.
---@type table
bot.config = nil

---Sets up the bot; at the top of the script.
---@param settings Configuration
function bot.configure(settings) end

---Calls fn for each message that matches.
---@param filter Filter
---@param fn fun(msg: Message, data: table): any
---@return Handle
---@overload fun(fn: fun(msg: Message, data: table): any): Handle
---@overload fun(filter: Filter): fun(fn: fun(msg: Message, data: table): any): Handle
function bot.on_message(filter, fn) end

---Calls fn for a command: "/help" or "/add two words".
---@param keyword string|string[]
---@param filter Filter
---@param fn fun(msg: Message, cmd: Command, data: table): any
---@return Handle
---@overload fun(keyword: string|string[], fn: fun(msg: Message, cmd: Command, data: table): any): Handle
function bot.on_command(keyword, filter, fn) end

---Calls fn for each event of the core with that tag; "*" is every event, and then comes after those of the tag.
---@param tag string|string[]
---@param fn fun(event: table): any
---@return Handle
function bot.on_event(tag, fn) end

---Calls fn when a message was changed by its sender.
---@param fn fun(msg: Message): any
---@return Handle
function bot.on_edit(fn) end

---Adds middleware around every message handler, the first outermost.
---@param fn fun(handler: fun(msg?: Message, data?: table): any, msg: Message, data: table): any
---@return Handle
function bot.use(fn) end

---Sees every event first: returns nothing to keep it, false to drop it, a table to replace it. May not wait.
---@param fn fun(event: table): table|boolean|nil
---@return Handle
function bot.on_raw(fn) end

---Sees the script's outgoing commands: returns nothing, another command, or false to hold it back.
---@param fn fun(command: string): string|boolean|nil
---@return Handle
function bot.on_send(fn) end

---@param fn fun(reason: "start"|"reload")
---@return Handle
function bot.on_start(fn) end

---@param fn fun(reason: "stop"|"reload")
---@return Handle
function bot.on_stop(fn) end

---Calls fn in the new version with the older one's state, before it takes over. An error keeps the older one.
---@param fn fun(state: any)
---@return Handle
function bot.on_reload(fn) end

---Calls fn in the new version where its state_version is another than the older one's, before on_reload. It returns
---the state in its new form. An error, or no such handler, keeps the older version.
---@param fn fun(state: any, version: integer): any
---@return Handle
function bot.on_migrate(fn) end

---@param fn fun(err: Error)
---@return Handle
function bot.on_error(fn) end

---Calls fn for each message of the bot that could not be delivered after it was stored.
---@param fn fun(msg: Message, err: Error)
---@return Handle
function bot.on_send_error(fn) end

---Called once after a start at which unread messages were left out: too many, too old, or from before the first run.
---@param fn fun(skipped: { too_many: integer, too_old: integer, first_run: integer })
---@return Handle
function bot.on_skipped(fn) end

---Sends a message and returns the stored one. Waits.
---@param chat Chat|Message|string
---@param content string|number|table
---@param options? SendOptions
---@return Message
function bot.send(chat, content, options) end

---Sends several messages in one command, all or those that the core takes. Where it refuses some, the error's
---`index` and `refused` say which, and `parts` are the others. Waits.
---@param chat Chat|Message|string
---@param contents (string|number|table)[]
---@param options? { ttl?: integer }
---@return Message[]
function bot.send_batch(chat, contents, options) end

---@class BroadcastOptions
---@field rate? number messages per second (default send_rate, else 20)
---@field ttl? integer seconds until the messages disappear
---@field on_progress? fun(result: BroadcastResult, last: { chat: string, created_at?: string, item_id?: integer, error?: Error }): boolean? false stops

---Plain data, so that it can be stored.
---@class BroadcastResult
---@field sent { chat: string, created_at?: string, item_id: integer }[]
---@field failed { chat: string, created_at?: string, error: Error }[] may be given as chats to another broadcast
---@field remaining (Chat|string)[] not tried yet

---Sends a message to many chats, at a pace, and returns what became of it in each. Contacts that are still connecting
---are not waited for; a chat whose created_at says that its id belongs to somebody else now is not written to. Other
---messages of the chat go to their handlers meanwhile.
---@param chats (Chat|Message|string)[]|BroadcastResult|nil nil: every contact that can be written to; a result: what remained of it
---@param content string|number|table
---@param options? BroadcastOptions
---@return BroadcastResult
function bot.broadcast(chats, content, options) end

---Connects to a link and waits until that is done. What the link led to before is returned at once, also a group that
---is still being joined. Other messages of the chat go to their handlers meanwhile.
---@param link string
---@param timeout? number|string seconds or "5m" (default 15 minutes)
---@return table? contact as on the wire, with contactId; of a link of a group the groupInfo; nil at the time-out
function bot.connect_to(link, timeout) end

---Sends a text to a contact and waits for the answer: the contact's next message that quotes it, or quotes nothing.
---Other messages of the chat go to their handlers meanwhile.
---@param contact_id integer|Chat|Message|string
---@param text string|number|table
---@param timeout? number|string|AskOptions seconds or "5m" (default 15 minutes)
---@return Message? answer nil at the time-out
function bot.send_and_wait(contact_id, text, timeout) end

---Hands out a made-up event: whoever waits for such an event gets it, or else the handlers of bot.on_event do.
---@param tag string
---@param event? table
function bot.trigger(tag, event) end

---Waits until a message server is connected. Other messages of the chat go to their handlers meanwhile.
---@param timeout? number|string seconds or "5m" (default 15 minutes)
---@return true? online nil at the time-out
function bot.wait_online(timeout) end

---@class Connections
---@field online boolean a message server is connected
---@field since? string when the last one was lost, or the first one was back after that
---@field connected integer
---@field disconnected integer
---@field servers { protocol: string, host: string, connected: boolean, since: string }[]
---@field subscriptions table<string, integer> servers that messages come from, by their state

---What the core last told about its servers.
---@return Connections
function bot.connections() end

---Makes a message of an item in an event.
---@param item table an AChatItem: chatInfo and chatItem
---@return Message
function bot.message(item) end

---A regular expression (RE2 syntax) for the filters text and args.
---@param expression string
---@return userdata
function bot.re(expression) end

---Waits for an event.
---@param tag string|string[]
---@param filter? (fun(event: table): boolean)|Filter a filter is for the message of the event (not by args or fallback)
---@param timeout? number|string seconds or "5m" (default 15 minutes)
---@return table? event nil at the time-out
---@overload fun(tag: string|string[], timeout?: number|string): table?
function bot.wait_for(tag, filter, timeout) end

---Runs fn beside the handlers.
---@param fn fun()
---@return Handle
function bot.spawn(fn) end

---@class TimerOptions
---@field name? string the timer goes on over restarts
---@field catch_up? boolean a named timer that was due while the bot was off runs once at the start

---Runs fn once, after a while. A reload does not begin it anew where it stands at the top of the script.
---@param delay number|string seconds or "5m"
---@param fn fun()
---@param options? TimerOptions
---@return Handle
function bot.after(delay, fn, options) end

---Runs fn again and again; runs never overlap. It keeps its times over a reload where it stands at the top of the script.
---@param period number|string seconds or "5m"
---@param fn fun()
---@param options? TimerOptions
---@return Handle
function bot.every(period, fn, options) end

---@class CronOptions: TimerOptions
---@field zone? string as "Europe/Berlin" (default: the machine's)

---Runs fn at times of the clock: minute, hour, day of the month, month, day of the week; or "@hourly", "@daily", "@weekly", "@monthly".
---@param table string as "0 9 * * 1-5" for 9:00 from Monday to Friday
---@param fn fun()
---@param options? CronOptions
---@return Handle
function bot.cron(table, fn, options) end

---Ends the bot gracefully.
---@param reason? string
function bot.stop(reason) end

bot.api = {}

---Sends a chat command and returns the core's response. Raises where the core refuses it
---or the operator has not allowed it. Waits.
---@param command string
---@return table
function bot.api.send_chat_cmd(command) end

log = {}
---@param message any
---@param fields? table
function log.debug(message, fields) end
---@param message any
---@param fields? table
function log.info(message, fields) end
---@param message any
---@param fields? table
function log.warn(message, fields) end
---@param message any
---@param fields? table
function log.error(message, fields) end

json = {}
---JSON's null, for json only.
---@type userdata
json.null = nil
---@param value any
---@return string
function json.encode(value) end
---@param text string
---@return any
function json.decode(text) end
---Marks a table as an array, so that it is written as [] while it is empty. The table has no metatable of its own.
---@param list? table
---@return table
function json.array(list) end

---Waits; other handlers go on meanwhile.
---@param duration number|string seconds or "5m"
function sleep(duration) end
