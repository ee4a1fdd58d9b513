-- The report's Markdown dialect (see README.md) for pandoc, alone or inside Quarto.
-- Numbers figures and tables, resolves references to them, builds the contents, and lays out the dialect's blocks.
-- For HTML, blocks become elements with classes that report.css styles; for Typst, calls of report.typ's functions.

local is_typst = FORMAT:match("typst") ~= nil
local REFERENCE = "^(%a+)%-[%w%-]+$"
local KINDS = { fig = "Figure", tbl = "Table" }
local CALLOUTS = { note = "Note", tip = "Good to know", warning = "Mind", important = "Important" }
local STATUS = { "firm", "usable", "weak", "info", "warning", "error", "assumption" }

local numbers = {} -- identifier → "Figure 3"

local function anchor(identifier)
  -- Quarto would number whatever is called fig-… or tbl-… a second time
  return (identifier:gsub("^fig%-", "figure-"):gsub("^tbl%-", "table-"))
end

-- Small helpers ------------------------------------------------------------------------------------------------

local function fail(message)
  error("report.lua: " .. message, 0)
end

local function typst_string(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("%c", " ") .. '"'
end

local function raw(text)
  return pandoc.RawBlock("typst", text)
end

local function raw_inline(text)
  return pandoc.RawInline("typst", text)
end

local function wrap(before, blocks, after)
  local out = pandoc.Blocks({ raw(before) })
  out:extend(blocks)
  out:insert(raw(after))
  return out
end

local function typst_of(blocks)
  return (pandoc.write(pandoc.Pandoc(blocks), "typst"):gsub("%s+$", ""))
end

local function plain_blocks(inlines)
  return pandoc.Blocks({ pandoc.Plain(inlines) })
end

local function has_class(element, name)
  return element.classes:includes(name)
end

local function first_of(element, names)
  for _, name in ipairs(names) do
    if has_class(element, name) then return name end
  end
end

local function colour_of(element)
  local given = element.attributes.colour
  if given == nil then return nil end
  if not given:match("^%d+$") then fail("colour must be the number of a segment, not " .. given) end
  element.attributes.colour = nil
  return tonumber(given) % 20
end

-- Numbers and references ---------------------------------------------------------------------------------------

local function table_identity(tbl)
  -- newer pandocs read `{#tbl-x .class}` at a caption's end themselves
  if tbl.identifier ~= "" then return tbl.identifier, tbl.classes, tbl.caption.long end
  local last = tbl.caption.long[#tbl.caption.long]
  if last == nil then return "", tbl.classes, tbl.caption.long end
  local text = pandoc.utils.stringify(last)
  local attributes = text:match("%s*{(#tbl%-[%w%- .]+)}$")
  if attributes == nil then return "", tbl.classes, tbl.caption.long end
  local classes = pandoc.List({})
  for name in attributes:gmatch("%.([%w%-]+)") do classes:insert(name) end
  local inlines = last.content
  while #inlines > 0 do
    local gone = inlines:remove(#inlines)
    if gone.t == "Str" and gone.text:match("^{#tbl%-") then break end
  end
  return attributes:match("#(tbl%-[%w%-]+)"), classes, pandoc.Blocks({ pandoc.Plain(inlines) })
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
    Table = function(tbl) count((table_identity(tbl)), "tbl") end,
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

-- Figures ------------------------------------------------------------------------------------------------------

local function figure(block)
  local image, identifier, caption = image_of(block)
  if image == nil then return nil end
  local alt = image.attributes["fig-alt"] or image.attributes.alt
  if alt == nil or alt == "" then fail("the figure " .. identifier .. " lacks its fig-alt") end
  local shown = labelled(identifier, caption)
  if is_typst then
    return raw(("#report-figure(%s, %s, width: %s)[%s] <%s>"):format(
      typst_string(image.src), typst_string(alt), image.attributes.width or "auto",
      typst_of(plain_blocks(shown)), anchor(identifier)))
  end
  local picture = pandoc.Image({}, image.src, "", pandoc.Attr("", {}, { { "alt", alt } }))
  -- a Div and not pandoc's Figure: the picture's own text alternative must not be the caption again
  return pandoc.Div({
    pandoc.Div({ pandoc.Plain({ picture }) }, pandoc.Attr("", { "scroll" }, { { "tabindex", "0" } })),
    pandoc.Div(plain_blocks(shown), pandoc.Attr("", { "caption" })),
  }, pandoc.Attr(anchor(identifier), { "figure" }, { { "role", "figure" }, { "aria-label", numbers[identifier] } }))
end

-- Tables -------------------------------------------------------------------------------------------------------

local WIDEST = 26 -- characters a long cell may claim before it wraps
local PADDING = 2
local TYPST_ALIGN = { AlignLeft = "left", AlignRight = "right", AlignCenter = "center", AlignDefault = "left" }

local function longest_word(text)
  local longest = 0
  for word in text:gmatch("%S+") do longest = math.max(longest, utf8.len(word) or #word) end
  return longest
end

local function natural_width(tbl, column)
  -- how much room a column would like, in characters: whole short cells, but only whole words of long ones
  local heading = pandoc.utils.stringify(tbl.head.rows[1].cells[column].contents)
  local width = math.max(longest_word(heading) + 1, math.ceil((utf8.len(heading) or #heading) / 2), 5)
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      local text = pandoc.utils.stringify(row.cells[column].contents)
      width = math.max(width, math.min(utf8.len(text) or #text, WIDEST), longest_word(text))
    end
  end
  return width + PADDING
end

local function wants_widths(specs)
  -- pandoc reads dash counts as widths whenever a line is long; equal dashes mean no wish
  for _, spec in ipairs(specs) do
    if type(spec[2]) ~= "number" or spec[2] == 0 then return false end
    if math.abs(spec[2] - specs[1][2]) > 0.001 then return true end
  end
  return false
end

local function typst_columns(tbl)
  local out = {}
  local wanted = wants_widths(tbl.colspecs)
  for column, spec in ipairs(tbl.colspecs) do
    out[column] = ("%.4ffr"):format(wanted and spec[2] or natural_width(tbl, column))
  end
  return "(" .. table.concat(out, ", ") .. ",)"
end

local function typst_aligns(specs)
  local out = {}
  for _, spec in ipairs(specs) do out[#out + 1] = TYPST_ALIGN[tostring(spec[1])] or "left" end
  return "(" .. table.concat(out, ", ") .. ",)"
end

local function typst_cells(row)
  local out = {}
  for _, cell in ipairs(row.cells) do out[#out + 1] = "[" .. typst_of(cell.contents) .. "]" end
  return table.concat(out, ", ")
end

local function typst_table(tbl, identifier, classes, caption)
  local rows = {}
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do rows[#rows + 1] = "  " .. typst_cells(row) .. "," end
  end
  return raw(("#report-table(columns: %s, align: %s, stack: %s, caption: [%s],\n  header: (%s,),\n%s\n) <%s>"):format(
    typst_columns(tbl), typst_aligns(tbl.colspecs), tostring(classes:includes("stack")),
    typst_of(plain_blocks(caption)), typst_cells(tbl.head.rows[1]), table.concat(rows, "\n"), anchor(identifier)))
end

local function html_cell(cell, spec, attributes)
  -- classes and not styles: the page's content security policy allows no style attribute
  local side = TYPST_ALIGN[tostring(spec[1])] or "left"
  cell.alignment = pandoc.AlignDefault
  cell.attr = pandoc.Attr("", side == "left" and {} or { side }, attributes)
end

local function html_cells(tbl)
  local headings = {}
  for column, cell in ipairs(tbl.head.rows[1].cells) do
    headings[column] = pandoc.utils.stringify(cell.contents)
    html_cell(cell, tbl.colspecs[column], { { "scope", "col" } })
  end
  for _, body in ipairs(tbl.bodies) do
    body.row_head_columns = 1
    for _, row in ipairs(body.body) do
      for column, cell in ipairs(row.cells) do
        html_cell(cell, tbl.colspecs[column], { column == 1 and { "scope", "row" } or { "data-label", headings[column] } })
      end
    end
  end
  tbl.colspecs = pandoc.List(tbl.colspecs):map(function() return { pandoc.AlignDefault, nil } end)
end

local function html_table(tbl, identifier, classes, caption)
  html_cells(tbl)
  local name = anchor(identifier)
  tbl.attr = pandoc.Attr("", classes, { { "aria-labelledby", name .. "-caption" } })
  tbl.caption = { long = {} }
  return pandoc.Div({
    pandoc.Div(plain_blocks(caption), pandoc.Attr(name .. "-caption", { "caption" })),
    pandoc.Div({ tbl }, pandoc.Attr("", { "scroll" },
      { { "role", "region" }, { "tabindex", "0" }, { "aria-labelledby", name .. "-caption" } })),
  }, pandoc.Attr(name, { "table" }))
end

local function a_table(tbl)
  local identifier, classes, long = table_identity(tbl)
  local caption = labelled(identifier, pandoc.utils.blocks_to_inlines(long))
  if #tbl.head.rows ~= 1 then fail("the table " .. identifier .. " needs one row of headings") end
  return (is_typst and typst_table or html_table)(tbl, identifier, classes, caption)
end

-- Blocks -------------------------------------------------------------------------------------------------------

local function only_list(div, kind)
  local list = div.content[1]
  if #div.content ~= 1 or list.t ~= kind then fail("::: {." .. div.classes[1] .. "} holds one list and nothing else") end
  return list
end

local function split_tile(item)
  local inlines = pandoc.utils.blocks_to_inlines(item)
  local value = inlines:remove(1)
  if value == nil or value.t ~= "Strong" then fail("a tile starts with its **value**") end
  if inlines[1] and inlines[1].t == "Space" then inlines:remove(1) end
  return value.content, inlines
end

local function tiles(div)
  local list = only_list(div, "BulletList")
  local calls = {}
  for _, item in ipairs(list.content) do
    local value, label = split_tile(item)
    calls[#calls + 1] = ("([%s], [%s]),"):format(typst_of(plain_blocks(value)), typst_of(plain_blocks(label)))
    item[1] = pandoc.Plain({ pandoc.Span(value, { class = "value" }), pandoc.Space(), pandoc.Span(label, { class = "label" }) })
    for extra = #item, 2, -1 do item:remove(extra) end
  end
  if is_typst then return raw("#tiles(" .. table.concat(calls, " ") .. ")") end
  div.content = { list }
  return div
end

local function moves(div)
  local list = only_list(div, "OrderedList")
  if not is_typst then return div end
  local calls = {}
  for _, item in ipairs(list.content) do calls[#calls + 1] = "[" .. typst_of(item) .. "]," end
  return raw("#moves(" .. table.concat(calls, " ") .. ")")
end

local function callout(div, kind)
  local title = div.attributes.title or CALLOUTS[kind]
  if is_typst then
    return wrap(("#callout(%s, %s)["):format(typst_string(kind), typst_string(title)), div.content, "]")
  end
  local content = pandoc.Blocks({ pandoc.Para({ pandoc.Str(title) }) })
  content[1] = pandoc.Div(content[1], pandoc.Attr("", { "callout-title" }))
  content:extend(div.content)
  return pandoc.Div(content, pandoc.Attr(div.identifier, { "note-box", "note-box-" .. kind },
    { { "role", "note" }, { "aria-label", title } }))
end

local function columns(div)
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
  div.classes:insert("colour-" .. colour)
  return div
end

local TYPST_BLOCKS = { landscape = "#landscape[", lead = "#lead[", small = "#small[", subtitle = "#subtitle[", card = "#card[" }

local function a_div(div)
  local kind = div.classes:find_if(function(name) return name:match("^callout%-") end)
  if kind then return callout(div, (kind:gsub("^callout%-", ""))) end
  if has_class(div, "tiles") then return tiles(div) end
  if has_class(div, "moves") then return moves(div) end
  if has_class(div, "columns") then return columns(div) end
  if has_class(div, "segment") then return segment(div) end
  if is_typst then
    for class, before in pairs(TYPST_BLOCKS) do
      if has_class(div, class) then return wrap(before, div.content, "]") end
    end
  end
end

local function a_span(span)
  local colour = colour_of(span)
  if has_class(span, "persona") then
    if colour == nil then fail("[…]{.persona} needs the segment's number: colour=0") end
    if not is_typst then
      span.classes:insert("colour-" .. colour)
      return span
    end
    local out = pandoc.Inlines({ raw_inline(("#persona(%d)["):format(colour)) })
    out:extend(span.content)
    out:insert(raw_inline("]"))
    return out
  end
  local status = has_class(span, "badge") and (first_of(span, STATUS) or "info")
  if status and is_typst then
    local out = pandoc.Inlines({ raw_inline(("#badge(%s)["):format(typst_string(status))) })
    out:extend(span.content)
    out:insert(raw_inline("]"))
    return out
  end
end

local function verbatim(str)
  -- as a Typst string no character is markup, whatever this pandoc's writer escapes or Typst abbreviates
  if str.text:match("%p") then return raw_inline("#" .. typst_string(str.text) .. ";") end
end

local function quoted(quote)
  local single = quote.quotetype == "SingleQuote"
  local out = pandoc.Inlines({ pandoc.Str(single and "\u{2018}" or "\u{201c}") })
  out:extend(quote.content)
  out:insert(pandoc.Str(single and "\u{2019}" or "\u{201d}"))
  return out
end

local function unbreakable(inlines)
  -- "29 %" stays on one line
  for index = 2, #inlines - 1 do
    local before, gap, after = inlines[index - 1], inlines[index], inlines[index + 1]
    if gap.t == "Space" and before.t == "Str" and after.t == "Str" and before.text:match("%d$") and after.text:match("^%%") then
      inlines[index] = pandoc.Str("\u{a0}")
    end
  end
  return inlines
end

local function literal(element)
  -- nothing raw comes from the report's text; what looks like it is shown as it is written
  if element.text:match("^<!%-%-") then return {} end
  local text = pandoc.Str(element.text)
  return element.t == "RawBlock" and pandoc.Para({ text }) or text
end

-- Headings, contents, title ------------------------------------------------------------------------------------

local function a_header(header)
  if not has_class(header, "new-page") or not is_typst then return nil end
  return { raw("#pagebreak(weak: true)"), header }
end

local function contents(doc)
  local entries = pandoc.List({})
  for _, header in ipairs(pandoc.List(doc.headers)) do
    local link = pandoc.Link(header.content, "#" .. header.identifier)
    if header.level == 2 or #entries == 0 then
      entries:insert({ pandoc.Plain({ link }) })
    else
      local parent = entries[#entries]
      if parent[2] == nil then parent[2] = pandoc.BulletList({}) end
      parent[2].content:insert({ pandoc.Plain({ link }) })
    end
  end
  return pandoc.BulletList(entries)
end

local function headers_of(doc)
  local headers, titles = pandoc.List({}), pandoc.List({})
  doc:walk({
    traverse = "topdown",
    Header = function(header)
      if header.level == 1 then titles:insert(header)
      elseif header.level <= 3 then headers:insert(header) end
    end,
  })
  if #titles ~= 1 then fail("the report needs one # heading, its title; it has " .. #titles) end
  return headers, titles[1]
end

local function whole(doc)
  doc = doc:walk({ RawBlock = literal, RawInline = literal })
  count_in(doc)
  local headers, title = headers_of(doc)
  local text = pandoc.utils.stringify(title)
  doc.meta["report-title"] = is_typst and pandoc.MetaInlines({ raw_inline(typst_string(text)) }) or pandoc.MetaString(text)
  if not is_typst then doc.meta["report-contents"] = pandoc.MetaBlocks({ contents({ headers = headers }) }) end
  doc = doc:walk({ Cite = reference, Inlines = unbreakable, Quoted = quoted }):walk({ Span = a_span, Header = a_header })
  if is_typst then doc = doc:walk({ Str = verbatim }) end
  return doc
    :walk({ Table = a_table, Figure = figure, Para = figure })
    :walk({ Div = a_div })
end

return { { Pandoc = whole } }
