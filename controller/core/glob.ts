/**
 * Whether a text matches a glob in which `*` is any run of characters, colons and slashes too, and everything else is
 * itself. Takes time in proportion to the product of the lengths at worst, and never backtracks further than the last star.
 */
export function matchesGlob(glob: string, text: string): boolean {
  let globIndex = 0
  let textIndex = 0
  let starIndex = -1
  let resumeIndex = 0
  while (textIndex < text.length) {
    if (glob[globIndex] === '*') {
      starIndex = globIndex
      resumeIndex = textIndex
      globIndex += 1
    } else if (globIndex < glob.length && glob[globIndex] === text[textIndex]) {
      globIndex += 1
      textIndex += 1
    } else if (starIndex >= 0) {
      globIndex = starIndex + 1
      resumeIndex += 1
      textIndex = resumeIndex
    } else {
      return false
    }
  }
  while (glob[globIndex] === '*') globIndex += 1
  return globIndex === glob.length
}
