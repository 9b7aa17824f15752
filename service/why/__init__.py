"""Why a statement is in the graph: the rule and its premises, or the sentence it rests on."""
