Console.WriteLine("PayFlow bench");
