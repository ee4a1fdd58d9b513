-- The same dialect for Word: pandoc's own structures, with the styles that seg_utils.reporting.rendering.office.word defines.

local is_word = FORMAT:match("docx") ~= nil
local TEXT_WIDTH = 6.9 -- inches between the margins
-- a point high, so that it fits behind whatever fills a page and leaves no empty one
local PAGE_BREAK = '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr>'
  .. '<w:r><w:br w:type="page"/></w:r></w:p>'
local WORD_STYLES = { subtitle = "Subtitle", lead = "Lead", small = "Small" }

local function openxml(text)
  return pandoc.RawBlock("openxml", text)
end

local function styled(name, blocks)
  return pandoc.Div(blocks, pandoc.Attr("", {}, { { "custom-style", name } }))
end

local function word_persona(colour, inlines)
  local dot = ('<w:r><w:rPr><w:color w:val="%s"/></w:rPr><w:t xml:space="preserve">● </w:t></w:r>'):format(PALETTE[colour + 1])
  local out = pandoc.Inlines({ pandoc.RawInline("openxml", dot) })
  out:extend(inlines)
  return out
end

local function word_figure(image, identifier, alt, caption)
  local width = tonumber(image.attributes.inches) or TEXT_WIDTH
  local source = image.src:gsub("%.svg$", ".png")
  local picture = pandoc.Image({ pandoc.Str(alt) }, source, "", pandoc.Attr("", {},
    { { "width", ("%.2fin"):format(math.min(width, TEXT_WIDTH)) } }))
  return pandoc.Div({
    styled("Figure", { pandoc.Para({ picture }) }),
    styled("Image Caption", { pandoc.Para(caption) }),
  }, pandoc.Attr(anchor(identifier)))
end

local function word_table(tbl, name, caption, kept_rows)
  for _, row in ipairs(kept_rows) do
    for _, cell in ipairs(row.cells) do
      cell.contents = { styled("Kept Cell", { pandoc.Para(pandoc.utils.blocks_to_inlines(cell.contents)) }) }
    end
  end
  tbl.caption = { long = {} }
  tbl.attr = pandoc.Attr("", {})
  return pandoc.Div({ styled("Table Caption", { pandoc.Para(caption) }), tbl }, pandoc.Attr(name))
end

local function paragraphs_of(item)
  return item:map(function(block) return block.t == "Plain" and pandoc.Para(block.content) or block end)
end

local function word_moves(list)
  local out = pandoc.Blocks({})
  for number, item in ipairs(list.content) do
    local blocks = paragraphs_of(item)
    blocks[1].content:insert(1, pandoc.Str(number .. ". "))
    out:insert(styled("Move", { blocks:remove(1) }))
    out:extend(blocks)
  end
  return out
end

local SHORT = 30 -- letters of a fact that leaves room for another in its line

-- facts of {name, said}: two a line where all are short and stand two abreast on the page, too
local function word_facts(facts, across)
  local tab = pandoc.RawInline("openxml", "<w:r><w:tab/></w:r>")
  local short = facts:filter(function(fact) return #pandoc.utils.stringify(fact[2]) <= SHORT end)
  local in_line = across == "2" and #short == #facts and 2 or 1
  local out = pandoc.Blocks({})
  for number, fact in ipairs(facts) do
    local text = pandoc.Inlines({ pandoc.Strong(fact[1]), tab })
    text:extend(fact[2])
    if number % in_line == 1 or in_line == 1 then
      out:insert(styled("Fact", { pandoc.Para(text) }))
    else
      out[#out].content[1].content:insert(tab)
      out[#out].content[1].content:extend(text)
    end
  end
  return out
end

-- paragraphs, as only these take the style of the block around them
local function word_list(list)
  if is_word then
    list.content = list.content:map(paragraphs_of)
    return list
  end
end

local function word_callout(div, title)
  local out = pandoc.Blocks({ styled("Callout Title", { pandoc.Para({ pandoc.Str(title) }) }) })
  out:insert(styled("Callout", div.content))
  return out
end

-- never parted between pages, as far as styles can say so
local function word_segment(div, colour)
  local rule = '<w:p><w:pPr><w:keepNext/><w:pBdr><w:top w:val="single" w:sz="36" w:space="1" w:color="%s"/>'
    .. '</w:pBdr><w:spacing w:before="240" w:after="0"/></w:pPr></w:p>'
  local out = pandoc.Blocks({ openxml(rule:format(PALETTE[colour + 1])) })
  out:extend(div.content)
  return out
end

local function word_columns(div)
  local cells = div.content:map(function(column) return column.content end)
  local aligns = cells:map(function() return "AlignDefault" end)
  local widths = cells:map(function() return 1 / #cells end)
  local laid_out = pandoc.utils.from_simple_table(pandoc.SimpleTable({}, aligns, widths, {}, { cells }))
  laid_out.attr = pandoc.Attr("", {}, { { "custom-style", "Columns" } })
  return laid_out
end
