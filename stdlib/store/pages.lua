-- Reads all entries of a store, however many there are.
--
--   for key, value in pages(data, "role ") do … end

-- How many are read at once.
local size = 500

-- Returns an iterator over the keys and values of the entries whose keys begin with prefix, in the order of the keys.
-- It waits. What is added or deleted meanwhile may be passed over.
return function(data, prefix)
  local page, at = data:list(prefix, { limit = size }), 0
  return function()
    if at == size then
      page, at = data:list(prefix, { limit = size, after = page[size].key }), 0
    end
    at = at + 1
    local entry = page[at]
    if entry then
      return entry.key, entry.value
    end
  end
end
