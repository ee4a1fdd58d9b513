-- Figures and tables are numbered in the order of the text, and references to them resolved.

local REFERENCE = "^(%a+)%-[%w%-]+$"
local KINDS = { fig = "Figure", tbl = "Table" }

local numbers = {} -- identifier → "Figure 3"

local function anchor(identifier)
  -- Quarto would number whatever is called fig-… or tbl-… a second time
  return (identifier:gsub("^fig%-", "figure-"):gsub("^tbl%-", "table-"))
end

local function with_identity(tbl)
  -- newer pandocs read `{#tbl-x .class}` at a caption's end themselves
  local last = tbl.caption.long[#tbl.caption.long]
  if tbl.identifier ~= "" or last == nil then return nil end
  local identifier, rest = pandoc.utils.stringify(last):match("{#(tbl%-[%w%-]+)([%w%- .]*)}$")
  if identifier == nil then return nil end
  local classes = pandoc.List({})
  for name in rest:gmatch("%.([%w%-]+)") do classes:insert(name) end
  local inlines = pandoc.Inlines({})
  for _, inline in ipairs(last.content) do
    if inline.t == "Str" and inline.text:match("^{#tbl%-") then break end
    inlines:insert(inline)
  end
  if #inlines > 0 and inlines[#inlines].t == "Space" then inlines:remove() end
  tbl.caption = { long = { pandoc.Plain(inlines) } }
  tbl.attr = pandoc.Attr(identifier, classes)
  return tbl
end

local function image_of(block)
  if block.t == "Figure" then
    local inner = block.content[1]
    local image = inner and inner.content and inner.content[1]
    if image and image.t == "Image" then
      local id = block.identifier ~= "" and block.identifier or image.identifier
      return image, id, pandoc.utils.blocks_to_inlines(block.caption.long)
    end
  elseif block.t == "Para" and #block.content == 1 and block.content[1].t == "Image" then
    local image = block.content[1]
    return image, image.identifier, image.caption
  end
end

local function count_in(doc)
  local counts = { fig = 0, tbl = 0 }
  local function count(identifier, kind)
    if identifier == "" then fail("a " .. KINDS[kind]:lower() .. " lacks its {#" .. kind .. "-…} label") end
    if numbers[identifier] then fail("the label " .. identifier .. " is used twice") end
    counts[kind] = counts[kind] + 1
    numbers[identifier] = KINDS[kind] .. " " .. counts[kind]
  end
  local function count_image(block)
    local image, identifier = image_of(block)
    if image then count(identifier, "fig") end
  end
  doc:walk({
    traverse = "topdown",
    Table = function(tbl) count(tbl.identifier, "tbl") end,
    Figure = function(figure) count_image(figure) return nil, false end,
    Para = count_image,
  })
end

local function reference(cite)
  local out = pandoc.Inlines({})
  for index, citation in ipairs(cite.citations) do
    local kind = citation.id:match(REFERENCE)
    local text = numbers[citation.id]
    if kind == nil or text == nil then fail("@" .. citation.id .. " refers to nothing") end
    if index > 1 then out:extend({ pandoc.Str(","), pandoc.Space() }) end
    out:insert(pandoc.Link({ pandoc.Str((text:gsub(" ", "\u{a0}"))) }, "#" .. anchor(citation.id)))
  end
  return out
end

local function labelled(identifier, inlines)
  local out = pandoc.Inlines({ pandoc.Strong({ pandoc.Str(numbers[identifier] .. ".") }), pandoc.Space() })
  out:extend(inlines)
  return out
end
