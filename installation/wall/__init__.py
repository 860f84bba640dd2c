"""A wall in step: one piece sees and thinks, others draw their parts of the same picture at the same moment."""
