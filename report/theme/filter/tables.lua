-- A table: headings for rows and columns, numbered caption, columns as wide as their content wants.

local WIDEST = 26 -- characters a long cell may claim before it wraps
local PADDING = 2
local WHOLE = 16 -- rows up to which a table of numbers is not parted between pages
local TYPST_ALIGN = { AlignLeft = "left", AlignRight = "right", AlignCenter = "center", AlignDefault = "left" }

local function longest_word(text)
  local longest = 0
  for word in text:gmatch("%S+") do longest = math.max(longest, utf8.len(word) or #word) end
  return longest
end

local function natural_width(tbl, column)
  -- how much room a column would like, in characters: whole words of its heading, whole cells as far as they are short
  local heading = pandoc.utils.stringify(tbl.head.rows[1].cells[column].contents)
  local width = math.max(longest_word(heading) + 1, math.ceil((utf8.len(heading) or #heading) / 2), 5)
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      local text = pandoc.utils.stringify(row.cells[column].contents)
      width = math.max(width, math.min(utf8.len(text) or #text, WIDEST))
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

local function rows_of(tbl)
  local rows = pandoc.List({})
  for _, body in ipairs(tbl.bodies) do rows:extend(body.body) end
  return rows, #rows <= WHOLE and not wants_widths(tbl.colspecs)
end

local function typst_table(tbl, name, caption)
  local rows, whole = rows_of(tbl)
  local cells = rows:map(function(row) return "  (" .. typst_cells(row) .. ",)," end)
  return raw(("#report-table(%s, whole: %s, columns: %s, align: %s, caption: [%s],\n  header: (%s,),\n%s\n)"):format(
    typst_string(name), whole, typst_columns(tbl), typst_aligns(tbl.colspecs),
    typst_of(plain_blocks(caption)), typst_cells(tbl.head.rows[1]), table.concat(cells, "\n")))
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

local function html_table(tbl, name, caption)
  html_cells(tbl)
  tbl.attr = pandoc.Attr("", tbl.classes, { { "aria-labelledby", name .. "-caption" } })
  tbl.caption = { long = {} }
  return pandoc.Div({
    pandoc.Div(plain_blocks(caption), pandoc.Attr(name .. "-caption", { "caption" })),
    pandoc.Div({ tbl }, pandoc.Attr("", { "scroll" },
      { { "role", "group" }, { "tabindex", "0" }, { "aria-labelledby", name .. "-caption" } })),
  }, pandoc.Attr(name, { "table-frame" }))
end

local function kept_rows(tbl)
  -- all but the last, which keep with what follows them, and but one in the middle where that leaves three on either
  -- side: of a table that does not fit and may not be parted anywhere, LibreOffice leaves rows out
  local rows, whole = rows_of(tbl)
  if not whole then return tbl.head.rows end
  local count = #rows
  rows:remove()
  if count >= 6 then rows:remove(count // 2) end
  return pandoc.List(tbl.head.rows) .. rows
end

local function with_natural_widths(tbl)
  -- Word would make all columns of equal width
  if wants_widths(tbl.colspecs) then return tbl end
  local wanted, total = {}, 0
  for column in ipairs(tbl.colspecs) do
    wanted[column] = natural_width(tbl, column)
    total = total + wanted[column]
  end
  local specs = {}
  for column, spec in ipairs(tbl.colspecs) do specs[column] = { spec[1], wanted[column] / total } end
  tbl.colspecs = specs
  return tbl
end

local function a_table(tbl)
  local identifier = tbl.identifier
  local caption = labelled(identifier, pandoc.utils.blocks_to_inlines(tbl.caption.long))
  if #tbl.head.rows ~= 1 then fail("the table " .. identifier .. " needs one row of headings") end
  if is_word then
    local kept = kept_rows(tbl)
    return word_table(with_natural_widths(tbl), anchor(identifier), caption, kept)
  end
  return (is_typst and typst_table or html_table)(tbl, anchor(identifier), caption)
end
