-- The fenced blocks of the dialect.

local CALLOUTS = { note = "Note", tip = "Good to know", warning = "Mind", important = "Important" }

local callouts = 0 -- how many there are so far

local function only_list(div, kind)
  local list = div.content[1]
  if #div.content ~= 1 or list.t ~= kind then fail("::: {." .. div.classes[1] .. "} holds one list and nothing else") end
  return list
end

local function split_at_strong(item)
  local inlines = pandoc.utils.blocks_to_inlines(item)
  local first = inlines:remove(1)
  if first == nil or first.t ~= "Strong" then fail("an item of ::: {.facts} starts with its **name**") end
  if inlines[1] and inlines[1].t == "Space" then inlines:remove(1) end
  return first.content, inlines
end

local function facts(div)
  local across = div.attributes.across or "1"
  if not across:match("^[12]$") then fail("::: {.facts across=" .. across .. "} must be 1 or 2") end
  div.attributes.across = nil
  local list = only_list(div, "BulletList")
  local calls, told = {}, pandoc.List({})
  for _, item in ipairs(list.content) do
    local name, said = split_at_strong(item)
    calls[#calls + 1] = ("([%s], [%s]),"):format(typst_of(plain_blocks(name)), typst_of(plain_blocks(said)))
    told:insert({ name, said })
    item[1] = pandoc.Plain({ pandoc.Span(name, { class = "name" }), pandoc.Space(), pandoc.Span(said, { class = "said" }) })
    for extra = #item, 2, -1 do item:remove(extra) end
  end
  if is_typst then return raw(("#facts(%s, %s)"):format(across, table.concat(calls, " "))) end
  if is_word then return word_facts(told, across) end
  if across == "2" then div.classes:insert("pairs") end
  return div
end

local function moves(div)
  local list = only_list(div, "OrderedList")
  if is_word then return word_moves(list) end
  if not is_typst then return div end
  local calls = {}
  for _, item in ipairs(list.content) do calls[#calls + 1] = "[" .. typst_of(item) .. "]," end
  return raw("#moves(" .. table.concat(calls, " ") .. ")")
end

local function glossary(list)
  if not is_typst then return nil end
  local calls = {}
  for _, item in ipairs(list.content) do
    local meaning = pandoc.Blocks({})
    for _, definition in ipairs(item[2]) do meaning:extend(definition) end
    calls[#calls + 1] = ("([%s], [%s]),"):format(typst_of(plain_blocks(item[1])), typst_of(meaning))
  end
  return raw("#glossary(" .. table.concat(calls, " ") .. ")")
end

local function callout(div, kind)
  local title = div.attributes.title or CALLOUTS[kind]
  if is_typst then
    return wrap(("#callout(%s, %s)["):format(typst_string(kind), typst_string(title)), div.content, "]")
  end
  if is_word then return word_callout(div, title) end
  callouts = callouts + 1
  local name = "callout-title-" .. callouts
  local content = pandoc.Blocks({ pandoc.Div(pandoc.Para(title), pandoc.Attr(name, { "callout-title" })) })
  content:extend(div.content)
  return pandoc.Div(content, pandoc.Attr(div.identifier, { "note-box", "note-box-" .. kind },
    { { "role", "note" }, { "aria-labelledby", name } }))
end

local function columns(div)
  if is_word then return word_columns(div) end
  if not is_typst then
    for _, column in ipairs(div.content) do
      if column.t == "Div" then column.attributes.width = nil end
    end
    div.classes = { "side-by-side" }
    return div
  end
  local out = pandoc.Blocks({ raw("#side-by-side(") })
  for _, column in ipairs(div.content) do
    if column.t ~= "Div" or not has_class(column, "column") then fail("::: {.columns} holds ::: {.column} blocks only") end
    out:extend(wrap("[", column.content, "],"))
  end
  out:insert(raw(")"))
  return out
end

local function segment(div)
  local colour = colour_of(div)
  if colour == nil then fail("::: {.segment} needs the segment's number: colour=0") end
  if is_typst then return wrap(("#segment(%d)["):format(colour), div.content, "]") end
  if is_word then return word_segment(div, colour) end
  div.classes:insert("colour-" .. colour)
  return div
end

local TYPST_BLOCKS = { ["one-page"] = "#one-page[", lead = "#lead[", small = "#small[", subtitle = "#subtitle[", card = "#card[" }

local function a_div(div)
  local kind = div.classes:find_if(function(name) return name:match("^callout%-") end)
  if kind then return callout(div, (kind:gsub("^callout%-", ""))) end
  if has_class(div, "facts") then return facts(div) end
  if has_class(div, "moves") then return moves(div) end
  if has_class(div, "columns") then return columns(div) end
  if has_class(div, "segment") then return segment(div) end
  if is_word and div.classes[1] and WORD_STYLES[div.classes[1]] then
    return styled(WORD_STYLES[div.classes[1]], div.content)
  end
  if is_typst then
    for class, before in pairs(TYPST_BLOCKS) do
      if has_class(div, class) then return wrap(before, div.content, "]") end
    end
  end
end
