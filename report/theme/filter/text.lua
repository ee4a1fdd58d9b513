-- Words: personas and badges, and text that must come through exactly as it is.

local STATUS = { "firm", "usable", "weak", "info", "warning", "error", "assumption" }

local function a_span(span)
  local colour = colour_of(span)
  if has_class(span, "persona") then
    if colour == nil then fail("[…]{.persona} needs the segment's number: colour=0") end
    if is_typst then return wrap_inline(("#persona(%d)"):format(colour), span.content) end
    if is_word then return word_persona(colour, span.content) end
    span.classes:insert("colour-" .. colour)
    return span
  end
  local status = has_class(span, "badge") and (first_of(span, STATUS) or "info")
  if status and is_typst then return wrap_inline(("#badge(%s)"):format(typst_string(status)), span.content) end
  if status and is_word then return pandoc.Strong(span.content) end
  if has_class(span, "whole") and is_typst then return wrap_inline("#box", span.content) end
end

local function quoted(quote)
  local single = quote.quotetype == "SingleQuote"
  local out = pandoc.Inlines({ pandoc.Str(single and "\u{2018}" or "\u{201c}") })
  out:extend(quote.content)
  out:insert(pandoc.Str(single and "\u{2019}" or "\u{201d}"))
  return out
end

local function unbreakable(inlines)
  -- "29 %" stays on one line, and so does "−$275": browsers and Typst may break after a minus
  for index = 2, #inlines - 1 do
    local before, gap, after = inlines[index - 1], inlines[index], inlines[index + 1]
    if gap.t == "Space" and before.t == "Str" and after.t == "Str" and before.text:match("%d$") and after.text:match("^%%") then
      inlines[index] = pandoc.Str("\u{a0}")
    end
  end
  for index, inline in ipairs(inlines) do
    if inline.t == "Str" and inline.text:match("^−%S*%d") then inlines[index] = pandoc.Span({ inline }, { class = "whole" }) end
  end
  return inlines
end

local function literal(element)
  -- nothing raw comes from the report's text; what looks like it is shown as it is written
  if element.text:match("^<!%-%-") then return {} end
  local text = pandoc.Str(element.text)
  return element.t == "RawBlock" and pandoc.Para({ text }) or text
end
