"""A few lines to try a network of text on where there is no file: written for this."""

from __future__ import annotations

SNIPPET = """\
THE KEEPER:
Who walks so late along the river wall?
The gates are shut, the bell has struck the hour,
And every lamp but mine is put to bed.

THE TRAVELLER:
A friend, good keeper, with a heavy sack,
Who left the hills this morning with the sun
And lost him somewhere on the muddy road.
I ask for nothing but a bench and bread.

THE KEEPER:
What is it in the sack that makes it sigh?
I heard it turn and mutter as you spoke.

THE TRAVELLER:
It holds the bones of beasts that no one knows.
I found them in the clay below the hill:
A tooth as long as any reaper's blade,
A foot with three great toes, a curling tail,
And ribs that would have roofed a little church.

THE KEEPER:
Such bones belong to stories, not to sacks.
My mother told me of the lizard kings
Who walked before the river had a name
And drank it dry, and slept, and woke to drink.

THE TRAVELLER:
Then let us set them here upon the stones
And see what kind of king the clay has kept.
Hold up the lamp. This one was for the neck,
And this one for the back, and these for both.

THE KEEPER:
It has too many knees. It has no head.
It has a hand where I would look for wings.
Whoever made this creature made in haste.

THE TRAVELLER:
Or we who make it over are too slow.
Be patient. Put the long bone by the short.
The river took a thousand thousand years
To lay them down, and we have had an hour.

THE KEEPER:
The river never asked me for my sleep.
But here, I see it now, the head was small,
The neck was long, and what I took for wings
Were only arms too little for the meal.

THE TRAVELLER:
What shall we call it, when the morning comes
And all the town is standing at the wall?

THE KEEPER:
Call it the guest who came before the house.
Call it the sleeper underneath the hill.
Call it whatever children like to shout:
A name is only breath until it is used.

THE TRAVELLER:
Then I will teach a wheel of brass to speak,
And feed it all the names that ever were,
And let it turn, and let it say them new,
One letter and another, till it ends.

THE KEEPER:
And will it know what any of them mean?

THE TRAVELLER:
No more than does the river know its fish.
It learns what follows what, and nothing else,
And yet the children's eyes will open wide.

THE KEEPER:
Then come inside, and bring your silent king.
There is a bench, and there is bread enough,
And if the bones should mutter in the night
I'll tell them that tomorrow they have names.

THE TRAVELLER:
Good keeper, by the lamp that you keep lit,
I swear the skull has turned to look at you.

THE KEEPER:
Then let it look. I kept the gate for dukes,
For tinkers, bishops, geese and travelling bears,
And none of them was half so well behaved,
Nor had come half so far to see the town.
Good night, my friend. Good night, old lizard king.
"""
