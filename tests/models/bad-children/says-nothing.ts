/** Leaves in good order and answers nothing. */
process.disconnect?.()
