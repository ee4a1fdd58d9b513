-- The report's Markdown dialect (README.md) for pandoc, alone or inside Quarto.
-- For HTML, blocks become elements with classes that report.css styles; for Typst, calls of report.typ's functions;
-- for Word, paragraphs with styles. Python puts the segments' colours, PALETTE, in front.
-- The files of this folder are one filter: seg_utils.reporting.rendering.theme joins them in a fixed order.

local is_typst = FORMAT:match("typst") ~= nil

local function fail(message)
  -- not error(): its traceback would bury the message; marked, as Quarto says much else on the same stream
  io.stderr:write("ERROR: ", message, "\n")
  os.exit(1)
end

-- Quarto carries out what looks like a shortcode in attributes, in raw text and in metadata, although the report's text
-- escapes it: {{< env HOME >}} out of a data file would put a variable of this machine into the report. So no text gets
-- there in one piece: a Typst string spells its first mark as a number, elements refer to text by its id or hold it as
-- words, and words in the metadata are taken apart.

local function typst_string(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("%c", " "):gsub("{{<", "{{\\u{3c}") .. '"'
end

local function letters(str)
  -- several words to Quarto, one to who reads it
  if not str.text:match("[{}]") then return nil end
  local out = pandoc.Inlines({})
  for _, code in utf8.codes(str.text) do out:insert(pandoc.Str(utf8.char(code))) end
  return out
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

local function wrap_inline(before, inlines)
  local out = pandoc.Inlines({ raw_inline(before .. "[") })
  out:extend(inlines)
  out:insert(raw_inline("]"))
  return out
end

local function verbatim(str)
  -- as a Typst string no character is markup, whatever this pandoc's writer escapes or Typst abbreviates
  if str.text:match("%p") then return raw_inline("#" .. typst_string(str.text) .. ";") end
end

local function plain_words(blocks)
  -- what most cells of a table hold: words and spaces, which need no writer; nil where there is anything else
  if #blocks ~= 1 or (blocks[1].t ~= "Plain" and blocks[1].t ~= "Para") then return nil end
  local parts = {}
  for _, inline in ipairs(blocks[1].content) do
    if inline.t == "Space" then parts[#parts + 1] = " "
    elseif inline.t ~= "Str" then return nil
    elseif inline.text:match("%p") then parts[#parts + 1] = verbatim(inline).text
    elseif inline.text:match("^%w+$") then parts[#parts + 1] = inline.text
    else return nil end -- the writer knows what other characters, such as non-breaking spaces, are in Typst
  end
  return table.concat(parts)
end

local function typst_of(blocks)
  local plain = plain_words(blocks)
  if plain then return plain end
  return (pandoc.write(pandoc.Pandoc(blocks):walk({ Str = verbatim }), "typst"):gsub("%s+$", ""))
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
