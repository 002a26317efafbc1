---@meta simplex.sim
-- Types of the module simplex.sim, which tests of bots use. docs/testing-bots.md explains it.

---The module: `local sim = require "simplex.sim"`.
---@class sim
local sim = {}

---@class SimCaseOptions
---@field bot? string the script under test, from the test's folder (default: NAME.lua beside NAME_test.lua)
---@field timeout? number|string how long the case may really take (default 10 s)

---Declares a case: fn gets a network of its own, with the bot running on it.
---@param name string
---@param options? SimCaseOptions
---@param fn fun(net: SimNet)
---@overload fun(name: string, fn: fun(net: SimNet))
function sim.case(name, options, fn) end

---The simulated network of one case. Its time stands still, except for what moves it.
---@class SimNet
---@field bot SimBot
local SimNet = {}

---Returns the person of that name; the first call makes them.
---@param name string
---@return SimPerson
function SimNet:user(name) end

---@class SimGroupOptions
---@field [integer] SimPerson the members; the first creates and owns the group
---@field bot? string|boolean the bot's role (default "member"); false: without the bot
---@field roles? table<string, string> roles of people by name, for those who are more than members

---Makes a group. The bot is invited and must join by itself; the others join by a link.
---@param name string
---@param members SimGroupOptions
---@return SimGroup
function SimNet:group(name, members) end

---Lets time pass; timers run on the way.
---@param duration number|string
function SimNet:advance(duration) end

---Takes the servers away for so long; fn runs at the beginning of that time.
---@param duration number|string
---@param fn? fun()
function SimNet:offline(duration, fn) end

---@class SimDelayOptions
---@field jitter? number|string how much longer each message may take (default 0)

---Makes messages take so long from now on, until it is called again; 0 ends it.
---Those of one chat stay in order; with a jitter those of different chats overtake each other.
---@param duration number|string
---@param options? SimDelayOptions
function SimNet:delay(duration, options) end

---Gives the bot an event, as if the core had made it.
---@param event table
function SimNet:raw(event) end

---Stops the bot and starts it again on its data.
function SimNet:restart() end

---@class SimKillOptions
---@field unmarked? boolean whether the last messages that were handled come once more (default false)

---Ends the bot as `kill -9` would and starts it again on its data. Messages whose handlers had not ended are handled again.
---A real kill may come within the 250 ms before handled messages are marked as read: `unmarked` plays that, and those
---of the last 250 ms of the network's time are handled again.
---@param options? SimKillOptions
function SimNet:kill(options) end

---The bot under test.
---@class SimBot
---@field name string the name in its profile
---@field address? string its link
---@field running boolean false after bot.stop
---@field state any bot.state: reading gives a copy, assigning replaces it
local SimBot = {}

---Takes the oldest error that a handler of the bot raised, and fails unless it is the one wanted.
---An error that no case expects fails the case.
---@param want? SimWant
---@return string
function SimBot:expect_error(want) end

---@class SimGroup
---@field name string

---What a text must be: the text itself, a table with one of these, or a function that accepts it.
---@class SimPattern
---@field pattern? string a Lua pattern
---@field re? string a regular expression (RE2)
---@field contains? string a part of the text

---@alias SimWant string|SimPattern|fun(got: SimMessage): any

---@class SimMessage
---@field text string
---@field sender string
---@field item_id integer
---@field event table what the core told the person

---@class SimExpectOptions
---@field within? number|string how much time of the network may pass (default 5 min)
---@field from? SimPerson|SimBot who did it (default: the bot)
---@field skip? boolean pass over what comes before (default false)

---A person in a group, as in_group returns it.
---@class SimChat
local SimChat = {}

---Sends a message and waits until the bot has handled it.
---@param content string|table a text or a message content
---@return SimMessage
function SimChat:send(content) end

---Sends a file; relative paths begin in the test's folder.
---@param path string
---@param text? string
---@return SimMessage
function SimChat:send_file(path, text) end

---Answers a message, quoting it.
---@param content string|table
---@param message? SimMessage (default: the one that was expected last)
---@return SimMessage
function SimChat:reply(content, message) end

---Adds a reaction.
---@param emoji string
---@param message? SimMessage (default: the one that was expected last)
function SimChat:react(emoji, message) end

---Takes a reaction back.
---@param emoji string
---@param message? SimMessage (default: the one that was expected last)
function SimChat:unreact(emoji, message) end

---Changes an own message.
---@param content string|table
---@param message? SimMessage (default: the one that was sent last)
function SimChat:edit(content, message) end

---Deletes an own message for everybody.
---@param message? SimMessage (default: the one that was sent last)
function SimChat:delete(message) end

---Wants the next message from the bot to be this one. Where there is none yet, time passes.
---@param want? SimWant
---@param options? SimExpectOptions
---@return SimMessage
function SimChat:expect(want, options) end

---Wants the bot to change a message to this text.
---@param want? SimWant
---@param options? SimExpectOptions
---@return SimMessage
function SimChat:expect_edit(want, options) end

---Wants a message with this text to be deleted; `from` is who wrote it (default: anybody).
---@param want? SimWant
---@param options? SimExpectOptions
---@return SimMessage
function SimChat:expect_deletion(want, options) end

---Wants a reaction of the bot; its text is the emoji.
---@param want? SimWant
---@param options? SimExpectOptions
---@return SimMessage
function SimChat:expect_reaction(want, options) end

---Wants no message from the bot within so much time (default: none passes).
---@param duration? number|string
function SimChat:expect_none(duration) end

---A person. What has no group in its name happens in the chat with the bot.
---@class SimPerson: SimChat
---@field name string
local SimPerson = {}

---Connects to the bot, or follows another link.
---@param link? string
---@return SimPerson
function SimPerson:connect(link) end

---Returns the person in a group.
---@param group SimGroup
---@return SimChat
function SimPerson:in_group(group) end

---Makes a group with nobody else in it.
---@param name string
---@return SimGroup
function SimPerson:create_group(name) end

---Invites somebody to a group.
---@param group SimGroup
---@param who SimPerson|SimBot
---@param role? string (default "member")
function SimPerson:invite(group, who, role) end

---Wants an invitation to a group from the bot.
---@return SimGroup
function SimPerson:expect_invitation() end

---Accepts an invitation to a group.
---@param group SimGroup
function SimPerson:join(group) end

---Leaves a group.
---@param group SimGroup
function SimPerson:leave(group) end

---Removes somebody from a group.
---@param group SimGroup
---@param who SimPerson|SimBot
function SimPerson:remove(group, who) end

---Gives somebody a role in a group.
---@param group SimGroup
---@param who SimPerson|SimBot
---@param role string
function SimPerson:set_role(group, who, role) end

---Sends a chat command of the core as this person and returns the result.
---@param cmd string
---@return table
function SimPerson:command(cmd) end

return sim
