---@meta sql
-- Types of the module sql.

---The module: `local sql = require "sql"`. Databases with SQL: SQLite files and PostgreSQL servers.
---
---A file is opened below the bot's files folder; elsewhere it needs --allow write=PATH (read=PATH with
---read_only). A server needs --allow net=HOST. Statements on one SQLite file run one after another; a
---server gets up to four at once. The methods wait: other handlers go on meanwhile. They raise errors of
---type "sql" (the statement is wrong or violates a constraint), "io", "timeout", "limit", "permission",
---"closed" and "argument".
---
---Values: NULL is nil, and so absent from a row; booleans are 1 and 0 in SQLite; blobs and bytea are
---strings; whole numbers beyond 2^53 and decimals that a number cannot hold come as text; timestamps of
---PostgreSQL are ISO 8601 in UTC ("2026-01-02T03:04:05Z"), and other types of it are its text.
---
---A file is kept with a write-ahead log beside it (NAME-wal), which belongs to it until the last one closes
---it: close the database before you send or copy its file, and do not read it with fs meanwhile. Foreign
---keys are checked. What would reach other files is refused: ATTACH, VACUUM, load_extension, most PRAGMAs. A
---server is as safe as the rights of its user: give the bot one that may not COPY … PROGRAM.
---@class sql
---@field null userdata stands for nil in a list of parameters; the same as json.null
local sql = {}

---@class SqlOptions
---@field path? string an SQLite file, relative to the files folder; ":memory:" is one in memory
---@field url? string a PostgreSQL server: "postgres://user:password@host:5432/database?sslmode=require"; a socket: "postgres://user@/database?host=/FOLDER", which needs --allow write=FOLDER
---@field read_only? boolean true opens a file that is there for reading only (default false)
---@field timeout? number|string how long a statement may take, waiting for its turn included, seconds or "5m" (default 30)
---@field limit? integer how many rows a result may have, up to 1,000,000; more is an error (default 10,000)

---@class SqlDone
---@field rows_affected integer
---@field last_insert_id? integer the row id of the row inserted last; SQLite only: with PostgreSQL write RETURNING

---Opens a database. It reaches nothing yet, so it may stand at the top of the script.
---
---```lua
---local sql = require "sql"
---local db = sql.open "people.db"
---
---bot.on_start(function()
---  db:exec "CREATE TABLE IF NOT EXISTS people (id INTEGER PRIMARY KEY, name TEXT)"
---end)
---
---bot.on_command("find", function(msg, cmd)
---  for _, row in ipairs(db:query("SELECT id, name FROM people WHERE name LIKE ? LIMIT 10", cmd.args .. "%")) do
---    msg:reply(row.id .. ": " .. row.name)
---  end
---end)
---```
---@param path_or_url string|SqlOptions
---@param options? SqlOptions
---@return Database
function sql.open(path_or_url, options) end

---A database of require "sql".
---@class Database
local Database = {}

---Runs one statement and returns its rows, each a table by the names of the columns.
---@param text string with a placeholder for each parameter: ? or $1 in SQLite, $1 in PostgreSQL
---@param ... string|number|boolean|nil the parameters, or one list of them
---@return table<string, any>[] rows
function Database:query(text, ...) end

---Runs one statement and returns its first row, nil where there is none.
---@param text string
---@param ... string|number|boolean|nil
---@return table<string, any>? row
function Database:one(text, ...) end

---Runs one statement that returns nothing and tells what it did.
---@param text string
---@param ... string|number|boolean|nil
---@return SqlDone
function Database:exec(text, ...) end

---Runs fn in a transaction and returns what it returns. It is committed when fn ends, and rolled back when
---fn raises an error, which is raised again, or when the handler is cut. In it, use the methods of tx;
---transactions do not nest. Do not wait for people in it: with SQLite all others wait meanwhile.
---
---```lua
---local sql = require "sql"
---local db = sql.open "bank.db"
---
---local function move(from, to, amount)
---  db:transaction(function(tx)
---    if tx:exec("UPDATE accounts SET sum = sum - ?1 WHERE name = ?2 AND sum >= ?1", amount, from).rows_affected == 0 then
---      error("not enough money")
---    end
---    tx:exec("UPDATE accounts SET sum = sum + ? WHERE name = ?", amount, to)
---  end)
---end
---```
---@param fn fun(tx: Transaction): any
---@return any result
function Database:transaction(fn) end

---Closes the database when the statements under way have ended. It does not wait. Databases also close with
---the version of the script that opened them.
function Database:close() end

---What the function of db:transaction gets. It ends with that function.
---@class Transaction
local Transaction = {}

---As Database:query.
---@param text string
---@param ... string|number|boolean|nil
---@return table<string, any>[] rows
function Transaction:query(text, ...) end

---As Database:one.
---@param text string
---@param ... string|number|boolean|nil
---@return table<string, any>? row
function Transaction:one(text, ...) end

---As Database:exec.
---@param text string
---@param ... string|number|boolean|nil
---@return SqlDone
function Transaction:exec(text, ...) end

return sql
