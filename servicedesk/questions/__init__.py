"""What an editor can ask of citizens: types of questions, conditions on earlier answers, and the form made of them."""
