/** What filters and lists of pages say. */
export const uiTexts = {
  all: 'All',
  clear: 'Clear filters',
  more: 'More',
  camerasChosen: (ids: readonly string[]) =>
    ids.length === 0 ? 'All cameras' : ids.length === 1 ? ids[0]! : `${ids.length} cameras`,
  camerasNone: 'None ticked: all',
} as const;
