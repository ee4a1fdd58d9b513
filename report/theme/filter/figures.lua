-- A figure: picture, text alternative, numbered caption.

local OWN = { "^figures/[%w%-]+%.svg$", "^figures/[%w%-]+%.png$" }

local function refuse_foreign(image)
  -- a picture from elsewhere would be fetched while rendering
  if not (image.src:match(OWN[1]) or image.src:match(OWN[2])) then fail("the picture " .. image.src .. " is not a figure of the notebook") end
end

local function typst_figure(image, identifier, alt, caption)
  return raw(("#report-figure(%s, %s, %s)[%s]"):format(typst_string(anchor(identifier)),
    typst_string(image.src), typst_string(alt), typst_of(plain_blocks(caption))))
end

local function html_figure(image, identifier, alt, caption)
  local name = { "aria-label", numbers[identifier] }
  local wide = has_class(image, "wide")
  local picture = pandoc.Image(pandoc.Inlines(alt), image.src)
  -- only what may scroll needs the keyboard
  local frame = pandoc.Attr("", { "scroll" }, wide and { { "role", "group" }, { "tabindex", "0" }, name } or {})
  -- a Div and not pandoc's Figure: the picture's own text alternative must not be the caption again
  return pandoc.Div({
    pandoc.Div({ pandoc.Plain({ picture }) }, frame),
    pandoc.Div(plain_blocks(caption), pandoc.Attr("", { "caption" })),
  }, pandoc.Attr(anchor(identifier), wide and { "figure-frame", "wide" } or { "figure-frame" }, { { "role", "figure" }, name }))
end

local function figure(block)
  local image, identifier, caption = image_of(block)
  if image == nil then return nil end
  local alt = image.attributes["fig-alt"]
  if alt == nil or alt == "" then fail("the figure " .. identifier .. " lacks its fig-alt") end
  return (is_typst and typst_figure or is_word and word_figure or html_figure)(image, identifier, alt, labelled(identifier, caption))
end
