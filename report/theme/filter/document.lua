-- The whole: title, contents, and the order in which the other files do their work.

local function a_header(header)
  if not has_class(header, "new-page") then return nil end
  if is_word then return { openxml(PAGE_BREAK), header } end
  if not is_typst then return nil end
  return { raw("#pagebreak(weak: true)"), header }
end

local function begins_whole(block)
  -- whether a table or a segment comes next, by itself or as the first of what a cell shows
  if block == nil or block.t ~= "Div" then return block ~= nil and block.t == "Table" end
  return has_class(block, "segment") or begins_whole(block.content[1])
end

local function introduced(blocks)
  -- on paper, a heading, the one paragraph under it and the beginning of its table or segment stay on one page
  if not is_typst then return nil end
  local out = pandoc.Blocks({})
  for i, block in ipairs(blocks) do
    local before, after = blocks[i - 1], blocks[i + 1]
    local leads = block.t == "Para" and before and before.t == "Header" and begins_whole(after)
    out:extend(leads and { raw("#block(sticky: true)["), block, raw("]") } or { block })
  end
  return out
end

local function contents(headers)
  local entries = pandoc.List({})
  for _, header in ipairs(headers) do
    local link = pandoc.Link(header.content:walk({ Str = letters }), "#" .. header.identifier)
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

local function for_screens(div)
  if has_class(div, "screen") then return {} end
end

local function whole(doc)
  if is_typst or is_word then doc = doc:walk({ Div = for_screens }) end
  doc = doc:walk({ RawBlock = literal, RawInline = literal, Image = refuse_foreign, Table = with_identity })
  count_in(doc)
  local headers, title = headers_of(doc)
  local text = pandoc.utils.stringify(title)
  doc.meta["report-title"] = is_typst and pandoc.MetaInlines({ raw_inline(typst_string(text)) }) or pandoc.MetaString(text)
  if not is_typst then doc.meta["report-contents"] = pandoc.MetaBlocks({ contents(headers) }) end
  doc = doc:walk({ Cite = reference, Inlines = unbreakable, Quoted = quoted }):walk({ Span = a_span, Header = a_header })
  doc = doc:walk({ Blocks = introduced }):walk({ Table = a_table, Figure = figure, Para = figure }):walk({ Div = a_div, DefinitionList = glossary, BulletList = word_list, OrderedList = word_list })
  return is_typst and doc:walk({ Str = verbatim }) or doc
end

return { { Pandoc = whole } }
